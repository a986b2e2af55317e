"""`wheel:VERSION`: the official wheel of a release on a machine without a GPU, under the scripted engine."""

import shutil

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.load import Footprint
from tests.harness.core.records.target import Target
from tests.harness.servers.environment import OFFICIAL, VERSION, environment_python
from tests.harness.servers.footprint import footprint_at
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.scripted_engine import engine_args, engine_files
from tests.harness.servers.server_command import carried_files
from tests.harness.servers.vllm_process import VLLM_SERVE, start

NAME = "wheel"
SCHEMES = (NAME,)
BORROWS = False
REPLAYS = False
DEFAULT_PROFILE = "fixture"


def check(target: Target) -> None:
    """Require a version number."""
    carried_files(target)
    if not VERSION.fullmatch(target.value):
        raise UsageProblem(f"--target {target.text}: {target.value!r} is no vLLM version (wheel:0.33.0)")


def launch(request: LaunchRequest) -> ServerHandle:
    """Start the server with the engine beside it; its environment is built first if needed."""
    python = environment_python(OFFICIAL, request.target.value, request)
    with request.scratch() as scratch:
        files = engine_files(scratch, request.profile.dialect)
        folder = scratch / "engine"
        for source, name in files.sources:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
        env = files.environment(str(folder), request)
        return start((str(python), *VLLM_SERVE), request, scratch, env, engine_args(request))


def place(target: Target) -> str:
    """Return the version."""
    return target.value


def may_be_patched(target: Target) -> bool:
    """Return False: the wheel is as its makers released it."""
    return False


def is_scripted(target: Target) -> bool:
    """Return True: there is no GPU that a model could run on."""
    return True


def footprint(base_url: str) -> Footprint | None:
    """Return what the server's processes take: they run on this machine."""
    return footprint_at(base_url)
