"""The profiles of `tests/profiles/`."""

import re
from pathlib import Path
from types import MappingProxyType

from tests.harness.datafile import read_toml
from tests.harness.records.errors import UsageProblem
from tests.harness.records.profile import Profile

PROFILES = Path(__file__).parents[2] / "profiles"
DEFAULT_PROFILE = "fixture"
_SCHEMA = Path(__file__).with_name("profile.schema.json")


def load_profile(name: str, folder: Path = PROFILES) -> Profile:
    """The profile `name`. Raises UsageProblem (file, field, what is wrong)."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(entry.stem for entry in folder.glob("*.toml")))
        raise UsageProblem(f"unknown profile {name!r}; {folder} has {known}")
    data = read_toml(path, _SCHEMA)
    for field in ("model_folder", "chat_template"):
        if field in data:
            data[field] = (folder / data[field]).resolve()
            if not data[field].exists():
                raise UsageProblem(f"{path}: field {field}: {data[field]} does not exist")
    for word, pattern in data.get("wording", {}).items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise UsageProblem(f"{path}: field wording.{word}: not a regular expression: {error}") from None
    for field in ("env", "wording"):
        data[field] = MappingProxyType(data.get(field, {}))
    for field in ("args", "splits"):
        if field in data:
            data[field] = tuple(data[field])
    return Profile(id=name, **data)
