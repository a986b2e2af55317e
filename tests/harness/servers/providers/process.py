"""`process:VERSION` and `process:/path/to/python`: vLLM as a process on this machine."""

import os
import re
import shutil
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.load import Footprint
from tests.harness.core.records.target import Target
from tests.harness.servers.environment import environment_python
from tests.harness.servers.footprint import footprint_at
from tests.harness.servers.ports import free_port
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.reaper.client import Reaper, exit_sentence
from tests.harness.servers.server_command import carried_files, server_flags, shown

NAME = "process"
SCHEMES = (NAME,)
BORROWS = False
REPLAYS = False
DEFAULT_PROFILE = "fixture"
SECRETS = ("VLLM_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_VERSION = re.compile(r"\d+\.\d+[\w.]*")


class Process:
    """A vLLM server under a reaper of its own."""

    def __init__(self, reaper: Reaper, base_url: str, command: str, api_key: str, origin: str) -> None:
        """Wrap a reaper that has started the server."""
        self.origin = origin
        self._reaper = reaper
        self.base_url = base_url
        self.command = command
        self.api_key: str | None = api_key
        self.stop_command = f"kill {reaper.pid}"

    def exited(self) -> str | None:
        """Return how the server ended, or None while it runs."""
        code = self._reaper.exit_code()
        return None if code is None else exit_sentence(code)

    def stop(self) -> None:
        """End the server and its children, remove its folder."""
        self._reaper.stop()

    def keep(self) -> None:
        """Leave the server running."""
        self._reaper.keep()


def check(target: Target) -> None:
    """Require a version number, or a path to a Python that exists."""
    carried_files(target)
    if "/" in target.value:
        if not os.access(target.value, os.X_OK) or Path(target.value).is_dir():
            raise UsageProblem(
                f"--target {target.text}: {target.value} is not a Python interpreter that can be run"
            )
    elif not _VERSION.fullmatch(target.value):
        raise UsageProblem(
            f"--target {target.text}: {target.value!r} is neither a vLLM version (process:0.32.0)"
            " nor the path of a Python that has vLLM (process:/path/to/bin/python)"
        )


def launch(request: LaunchRequest) -> ServerHandle:
    """Start the server; its environment is built first if needed."""
    value = request.target.value
    python = Path(value) if "/" in value else environment_python(value, request)
    scratch = request.scratch()
    for file in carried_files(request.target):
        shutil.copy(file.source, scratch / file.name)
    port = request.port or free_port()
    words = _command(python, port, scratch, request)
    knobs = dict(request.profile.env)
    env = {**os.environ, **knobs, "TMPDIR": str(scratch), "VLLM_API_KEY": request.api_key}
    # vLLM imports some 5,000 modules: without their compiled form every start takes half a minute longer.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    reaper = Reaper(command=words, env=env, log=request.log, folders=[scratch], mask=SECRETS)
    # The name of an environment holds the hash of its lock.
    origin = value if "/" in value else python.parents[1].name
    return Process(reaper, f"http://127.0.0.1:{port}", shown(words, knobs), request.api_key, origin)


def place(target: Target) -> str:
    """Return the version, or the path of the interpreter."""
    return target.value


def may_be_patched(target: Target) -> bool:
    """Return whether it is an environment that the suite has not made: a checkout, perhaps with changes."""
    return "/" in target.value


def footprint(base_url: str) -> Footprint | None:
    """Return what the server's processes take: they run on this machine."""
    return footprint_at(base_url)


def _command(python: Path, port: int, scratch: Path, request: LaunchRequest) -> list[str]:
    profile = request.profile
    model = str(profile.model_folder or profile.model)
    template = str(profile.chat_template) if profile.chat_template else None
    # `vllm serve` would be the modern form, but the console script of the CPU build does not start.
    head = [str(python), "-m", "vllm.entrypoints.openai.api_server", "--model", model]
    return [
        *head,
        *("--host", "127.0.0.1", "--port", str(port)),
        *server_flags(profile, request.target, str(scratch), template),
    ]
