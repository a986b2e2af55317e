"""Target strings: `provider:value[profile=ID,arg=FLAG,...]`, `http://...`, `auto`."""

import re
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.target import Target
from tests.harness.core.redaction import holds_secret, masked
from tests.harness.servers import auto
from tests.harness.servers.providers import container
from tests.harness.servers.registry import is_managed, known_providers, provider_for, provider_of

OPTIONS = ("profile", "arg", "env", "gpu", "model", "parser")
_SHAPE = re.compile(r"(?P<body>[^\[]+)(?:\[(?P<options>.*)\])?", re.DOTALL)
_PARSER = re.compile(r"[\w.-]+", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_]\w*=.*", re.ASCII | re.DOTALL)
_HINT = (
    "e.g. wheel:0.33.0, container:vllm/vllm-openai:v0.33.0[profile=xlam-llama-8b], http://host:8000 or auto"
)


def parse_target(text: str) -> Target:
    """Take a target string apart and let its provider check the value. Raises UsageProblem; starts nothing."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise UsageProblem(f"--target {text!r}: not a target; {_HINT}")
    name, value = _server(text, match["body"])
    options = _options(text, match["options"])
    last = {option: values[-1] for option, values in options.items() if values}
    target = Target(
        text.strip(),
        name,
        value,
        last.get("profile"),
        tuple(options["arg"]),
        last.get("model"),
        last.get("parser"),
        tuple(options["env"]),
        last.get("gpu"),
    )
    _require_no_secret(target)
    _require_parser(target)
    _require_variables(target)
    _require_gpu(target)
    _require_model(target)
    if not auto.is_auto(target):
        provider_of(target).check(target)
    return target


def is_target(text: str) -> bool:
    """Return whether a text begins as a target does, rather than as the name of a file or folder."""
    body = text.partition("[")[0]
    return body == auto.NAME or (":" in body and provider_for(body.partition(":")[0]) is not None)


def _server(text: str, body: str) -> tuple[str, str]:
    """Return the provider's name and what it is given, out of a target's text before the brackets."""
    if body == auto.NAME:
        return auto.NAME, ""
    scheme, colon, value = body.partition(":")
    if not colon or not value:
        raise UsageProblem(f"--target {text!r}: not a target; {_HINT}")
    provider = provider_for(scheme)
    if provider is None:
        names = ", ".join(sorted(known_providers()))
        raise UsageProblem(f"--target {text!r}: unknown kind {scheme!r}; known are {names}; {_HINT}")
    # A URL is one as a whole; where its server is, is said without the API's own path.
    return provider.NAME, body.rstrip("/").removesuffix("/v1") if value.startswith("//") else value


def _options(text: str, inner: str | None) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {name: [] for name in OPTIONS}
    # A comma inside a value (JSON, say) is no separator: only one before `name=` of a known option is.
    for part in re.split(rf",(?=(?:{'|'.join(OPTIONS)})=)", inner) if inner else []:
        name, equals, value = part.partition("=")
        if name not in OPTIONS or not equals or not value:
            known = ", ".join(f"{option}=..." for option in OPTIONS)
            raise UsageProblem(f"--target {text!r}: unknown option {part!r}; known are {known}")
        values[name].append(value)
    return values


def _require_no_secret(target: Target) -> None:
    words = [("arg", word) for word in target.args] + [("env", word) for word in target.env]
    if found := next(((option, word) for option, word in words if holds_secret(word)), None):
        option, secret = found
        raise UsageProblem(
            f"--target {masked(target.text)!r}: {option}={masked(secret)}: secrets go by environment"
            " (HF_TOKEN), where no process list and no file shows them; the key of a launched server is made by the"
            " suite"
        )


def _require_variables(target: Target) -> None:
    """Raise UsageProblem for an `env=` that is no assignment, or for a server that the suite does not start."""
    for variable in target.env:
        where = f"--target {masked(target.text)!r}: env={variable}"
        if not _VARIABLE.fullmatch(variable):
            raise UsageProblem(f"{where}: wanted is NAME=VALUE, e.g. env=VLLM_LOGGING_LEVEL=DEBUG")
        if not (auto.is_auto(target) or is_managed(target)):
            what = (
                "a replay has only its recording" if provider_of(target).REPLAYS else "this one runs already"
            )
            raise UsageProblem(f"{where} sets a variable of a server that the suite launches; {what}")


def _require_gpu(target: Target) -> None:
    """Raise UsageProblem for a `gpu=` that says something else than `none`, or of what is no container."""
    if target.gpu is None:
        return
    where = f"--target {masked(target.text)!r}: gpu={target.gpu}"
    if target.gpu != "none":
        raise UsageProblem(f"{where}: known is gpu=none, an official image served without a GPU")
    if target.provider != container.NAME:
        raise UsageProblem(
            f"{where} is about container: targets; wheel:VERSION is an official build without a GPU"
        )


def _require_model(target: Target) -> None:
    """Raise UsageProblem for a `model=` that is no model's folder, or where one would have to hold weights."""
    if target.model is None or not (auto.is_auto(target) or is_managed(target)):
        return
    where = f"--target {masked(target.text)!r}: model={target.model}"
    if auto.is_auto(target) or not provider_of(target).is_scripted(target):
        raise UsageProblem(
            f"{where} is the folder of a model without weights, for wheel:VERSION and container:IMAGE[gpu=none];"
            " elsewhere the profile names the model, and of a server that runs already model= names one that it serves"
        )
    if not (Path(target.model) / "config.json").is_file():
        raise UsageProblem(
            f"{where}: there is no {Path(target.model) / 'config.json'}; wanted is a folder as a model's repository has"
            " it: config.json, the tokenizer's files and its chat template"
        )


def _require_parser(target: Target) -> None:
    """Raise UsageProblem for a `parser=` that is no name, or that is said of a server whose parser is known."""
    if target.parser is None:
        return
    where = f"--target {masked(target.text)!r}: parser={target.parser}"
    if auto.is_auto(target) or is_managed(target):
        raise UsageProblem(
            f"{where} says what a server runs that the suite does not start; of this one the parser is known:"
            " the profile names it (`parser`), and arg=--tool-call-parser=NAME starts the server with another"
        )
    if not _PARSER.fullmatch(target.parser):
        raise UsageProblem(f"{where}: the name of a vLLM tool-call parser is wanted, e.g. parser=hermes")
