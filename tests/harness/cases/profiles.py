"""The profiles of `tests/profiles/`."""

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named, dialect_read_by, known_parsers
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.profile import Profile
from tests.harness.core.toml_files import read_toml

PROFILES = Path(__file__).parents[2] / "profiles"
_SCHEMA = Path(__file__).with_name("profile.schema.json")


def load_profile(name: str, folder: Path = PROFILES) -> Profile:
    """Return the profile `name`. Raises UsageProblem (file, field, what is wrong)."""
    path = _path(name, folder)
    data = read_toml(path, _SCHEMA)
    if "extends" in data:
        data = _extended(data, path, folder)
    _resolve_paths(data, path)
    _require_patterns(data, path)
    for field in ("env", "wording"):
        data[field] = MappingProxyType(data.get(field, {}))
    data["args"] = tuple(data.get("args", ()))
    data["splits"] = tuple(data.get("splits", ("natural",)))
    try:
        if dialect := data.pop("dialect", ""):
            data["syntax"] = dialect_named(dialect).syntax
        profile = Profile(**{"parser": "", **data, "id": name})
        return with_parser(profile, profile.parser) if profile.parser else profile
    except UsageProblem as problem:
        raise UsageProblem(f"{path}: field dialect: {problem}") from None


def with_parser(profile: Profile, parser: str) -> Profile:
    """Return a profile with another parser, and with the dialect that this one reads.

    A parser that no dialect names is taken to read what the profile's own does. Raises UsageProblem where that is not
    known either.
    """
    dialect = dialect_read_by(parser)
    if dialect is None and not profile.dialect:
        raise UsageProblem(
            f"no dialect is known that the parser {parser!r} reads; known are the parsers"
            f" {', '.join(sorted(known_parsers()))}; one of your own goes into tests/profiles/NAME.toml, with"
            f' parser = "{parser}" and dialect = "..." (a module of tests/harness/cases/dialects/), and'
            " [profile=NAME] to the target"
        )
    return replace(profile, parser=parser, syntax=dialect.syntax if dialect else profile.syntax)


def settings_of(name: str, folder: Path = PROFILES) -> tuple[Profile, ...]:
    """Return the profiles that set what must change none of the answers of another one."""
    return tuple(profile for profile in all_profiles(folder) if profile.same_as == name)


def all_profiles(folder: Path = PROFILES) -> tuple[Profile, ...]:
    """Return every profile there is, by name."""
    return tuple(load_profile(path.stem, folder) for path in sorted(folder.glob("*.toml")))


def with_model_folder(profile: Profile, folder: Path) -> Profile:
    """Return a profile whose model is not fetched, but lies in `folder`. Raises UsageProblem."""
    if profile.model_folder:
        raise UsageProblem(
            f"model={folder}: the profile {profile.id} brings its own model; name the one whose model it is, e.g."
            " [profile=xlam-qwen-3b,model=FOLDER]"
        )
    return replace(profile, model_folder=folder.resolve())


def has_profile(name: str, folder: Path = PROFILES) -> bool:
    """Return whether there is a profile of this name."""
    return (folder / f"{name}.toml").is_file()


def _path(name: str, folder: Path) -> Path:
    if not has_profile(name, folder):
        known = ", ".join(sorted(entry.stem for entry in folder.glob("*.toml")))
        raise UsageProblem(f"unknown profile {name!r}; {folder} has {known}")
    return folder / f"{name}.toml"


def _extended(data: dict[str, Any], path: Path, folder: Path) -> dict[str, Any]:
    """Return the fields of the profile it extends, its own over them; arguments and variables are added to those."""
    name = data.pop("extends")
    base = read_toml(_path(name, folder), _SCHEMA)
    if "extends" in base:
        raise UsageProblem(f"{path}: field extends: {name!r} extends another one itself; one step is enough")
    added = {
        "args": [*base.get("args", ()), *data.get("args", ())],
        "env": {**base.get("env", {}), **data.get("env", {})},
    }
    return {**base, **data, **added}


def _resolve_paths(data: dict[str, Any], path: Path) -> None:
    for field in ("model_folder", "chat_template"):
        if field in data:
            data[field] = (path.parent / data[field]).resolve()
            if not data[field].exists():
                raise UsageProblem(f"{path}: field {field}: {data[field]} does not exist")


def _require_patterns(data: dict[str, Any], path: Path) -> None:
    for word, pattern in data.get("wording", {}).items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise UsageProblem(f"{path}: field wording.{word}: not a regular expression: {error}") from None
