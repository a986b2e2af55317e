"""The server's command line, the same for every provider that launches one."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.target import Target

_WEIGHTS = {".safetensors", ".bin", ".pt", ".pth", ".gguf", ".h5", ".msgpack", ".onnx"}


@dataclass(frozen=True)
class CarriedFile:
    """A file of the user's (`arg=--flag=@file`) that has to be where the server runs."""

    source: Path
    name: str


def carried_files(target: Target) -> tuple[CarriedFile, ...]:
    """Return the `@file` arguments of a target. Raises UsageProblem for a file that is not there."""
    files = []
    for word in target.args:
        _, at, path = word.partition("=@") if "=@" in word else word.partition("@")
        if not at or (word.partition("@")[0] and "=@" not in word):
            continue
        source = Path(path)
        if not source.is_file():
            raise UsageProblem(
                f"--target {target.text}: no file {path!r} to hand to the server (argument {word!r})"
            )
        files.append(CarriedFile(source, source.name))
    return tuple(files)


def files_below(folder: Path) -> list[tuple[Path, str]]:
    """Return every file below a folder with its path there, compiled Python aside."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [(path, path.relative_to(folder).as_posix()) for path in files]


def is_weights(path: Path) -> bool:
    """Return whether a file of a model's folder holds weights, by its name."""
    return path.suffix in _WEIGHTS


def server_flags(profile: Profile, target: Target, folder: str, chat_template: str | None) -> list[str]:
    """Return all flags after the model; `folder` is where carried files lie for the server."""
    flags = ["--enable-auto-tool-choice", "--tool-call-parser", profile.parser]
    flags += ["--served-model-name", profile.model]
    if profile.revision:
        flags += ["--revision", profile.revision]
    if chat_template:
        flags += ["--chat-template", chat_template]
    flags += profile.args
    if profile.stream_interval:
        flags += [f"--stream-interval={profile.stream_interval}"]
    for word in target.args:
        flags.append(_placed(word, folder))
    return flags


def shown(words: list[str], env: dict[str, str]) -> str:
    """Return the command as a person would type it; `env` must hold no secret."""
    return " ".join([*(f"{name}={shlex.quote(value)}" for name, value in env.items()), shlex.join(words)])


def _placed(word: str, folder: str) -> str:
    if word.startswith("@"):
        return f"{folder}/{Path(word[1:]).name}"
    name, equals, value = word.partition("=@")
    return f"{name}={folder}/{Path(value).name}" if equals else word
