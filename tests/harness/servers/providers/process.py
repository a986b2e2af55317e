"""`process:VERSION` and `process:/path/to/python`: vLLM as a process on this machine."""

import os
from pathlib import Path

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.load import Footprint
from tests.harness.core.records.target import Target
from tests.harness.servers.environment import CPU_BUILD, VERSION, environment_python
from tests.harness.servers.footprint import footprint_at
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.server_command import carried_files
from tests.harness.servers.vllm_process import API_SERVER, start

NAME = "process"
SCHEMES = (NAME,)
BORROWS = False
REPLAYS = False
DEFAULT_PROFILE = "fixture"


def check(target: Target) -> None:
    """Require a version number, or a path to a Python that exists."""
    carried_files(target)
    if "/" in target.value:
        if not os.access(target.value, os.X_OK) or Path(target.value).is_dir():
            raise UsageProblem(
                f"--target {target.text}: {target.value} is not a Python interpreter that can be run"
            )
    elif not VERSION.fullmatch(target.value):
        raise UsageProblem(
            f"--target {target.text}: {target.value!r} is neither a vLLM version (process:0.32.0)"
            " nor the path of a Python that has vLLM (process:/path/to/bin/python)"
        )


def launch(request: LaunchRequest) -> ServerHandle:
    """Start the server; its environment is built first if needed."""
    value = request.target.value
    python = Path(value) if "/" in value else environment_python(CPU_BUILD, value, request)
    env = {**request.profile.env, **request.target.variables}
    with request.scratch() as scratch:
        return start((str(python), *API_SERVER), request, scratch, env)


def place(target: Target) -> str:
    """Return the version, or the path of the interpreter."""
    return target.value


def may_be_patched(target: Target) -> bool:
    """Return whether it is an environment that the suite has not made: a checkout, perhaps with changes."""
    return "/" in target.value


def is_scripted(target: Target) -> bool:
    """Return False: a model runs there."""
    return False


def footprint(base_url: str) -> Footprint | None:
    """Return what the server's processes take: they run on this machine."""
    return footprint_at(base_url)
