"""Target strings: `kind:value[profile=ID,arg=FLAG,...]`, `http://...`, `auto`."""

import importlib
import pkgutil
import re
from functools import cache

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.target import Target
from tests.harness.core.redaction import holds_secret, masked
from tests.harness.servers import providers as kinds
from tests.harness.servers.provider import Kind

OPTIONS = ("profile", "arg", "model")
_SHAPE = re.compile(r"(?P<body>[^\[]+)(?:\[(?P<options>.*)\])?", re.DOTALL)
_HINT = (
    "e.g. process:0.32.0, container:vllm/vllm-openai:v0.33.0[profile=xlam-llama-8b], http://host:8000 or auto"
)


@cache
def known_providers() -> dict[str, Kind]:
    """Every module of `kinds/`, by the word before the colon."""
    modules = [
        importlib.import_module(f"{kinds.__name__}.{info.name}")
        for info in pkgutil.iter_modules(kinds.__path__)
    ]
    return {module.KIND: module for module in modules}


def parse_target(text: str) -> Target:
    """Take a target string apart and let its kind check the value. Raises UsageProblem; starts nothing."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise UsageProblem(f"--target {text!r}: not a target; {_HINT}")
    body = match["body"]
    kind, value = "auto", ""
    if body == "auto":
        pass
    elif body.startswith(("http://", "https://")):
        kind, value = "http", body.rstrip("/").removesuffix("/v1")
    else:
        kind, colon, value = body.partition(":")
        if not colon or not value:
            raise UsageProblem(f"--target {text!r}: not a target; {_HINT}")
        if kind not in known_providers() or kind == "http":
            names = ", ".join(sorted(known_providers()))
            raise UsageProblem(f"--target {text!r}: unknown kind {kind!r}; known are {names}; {_HINT}")
    options = _options(text, match["options"])
    target = Target(
        text.strip(),
        kind,
        value,
        options["profile"][-1] if options["profile"] else None,
        tuple(options["arg"]),
        options["model"][-1] if options["model"] else None,
    )
    if secret := next((word for word in target.args if holds_secret(word)), None):
        raise UsageProblem(
            f"--target {masked(text)!r}: arg={masked(secret)}: secrets go by environment (HF_TOKEN), where no process"
            " list and no file shows them; the key of a launched server is made by the suite"
        )
    if kind != "auto":
        known_providers()[kind].check(target)
    return target


def _options(text: str, inner: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in OPTIONS}
    # A comma inside a value (JSON, say) is no separator: only one before `name=` of a known option is.
    for part in re.split(rf",(?=(?:{'|'.join(OPTIONS)})=)", inner) if inner else []:
        name, equals, value = part.partition("=")
        if name not in OPTIONS or not equals or not value:
            known = ", ".join(f"{option}=..." for option in OPTIONS)
            raise UsageProblem(f"--target {text!r}: unknown option {part!r}; known are {known}")
        found[name].append(value)
    return found
