"""A vLLM server as a process on this machine, under a reaper."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.harness.servers.ports import free_port
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.reaper.client import Reaper, exit_sentence
from tests.harness.servers.server_command import carried_files, server_flags, shown

API_SERVER = ("-m", "vllm.entrypoints.openai.api_server", "--model")
"""How the CPU build is started: its `vllm` command does not start."""
VLLM_SERVE = ("-m", "vllm.entrypoints.cli.main", "serve")
"""`vllm serve`, as users of the official builds start it; it alone knows of their other front end."""
SECRETS = ("VLLM_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


class VllmProcess:
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
        """Leave it running."""
        self._reaper.keep()


def start(
    program: Sequence[str],
    request: LaunchRequest,
    scratch: Path,
    env: Mapping[str, str],
    args: Sequence[str] = (),
) -> VllmProcess:
    """Start the server of an environment; `env` and `args` are added to those of the process and the profile.

    `program`: the interpreter, its words up to the model (API_SERVER, VLLM_SERVE). `scratch` is the launch's folder
    for temporary files; it ends with the server.
    """
    for file in carried_files(request.target):
        shutil.copy(file.source, scratch / file.name)
    port = request.port or free_port()
    words = [*program, *_words(port, scratch, request), *args]
    variables = {**os.environ, **env, "TMPDIR": str(scratch), "VLLM_API_KEY": request.api_key}
    # vLLM imports some 5,000 modules: without their compiled form every start takes half a minute longer.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    reaper = Reaper(command=words, env=variables, log=request.log, folders=[scratch], mask=SECRETS)
    value = request.target.value
    # The name of an environment holds the hash of its lock.
    origin = value if "/" in value else Path(program[0]).parents[1].name
    return VllmProcess(reaper, f"http://127.0.0.1:{port}", shown(words, dict(env)), request.api_key, origin)


def _words(port: int, scratch: Path, request: LaunchRequest) -> list[str]:
    profile = request.profile
    template = str(profile.chat_template) if profile.chat_template else None
    return [
        str(profile.model_folder or profile.model),
        *("--host", "127.0.0.1", "--port", str(port)),
        *server_flags(profile, request.target, str(scratch), template),
    ]
