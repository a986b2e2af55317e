"""An image made in seconds of the interpreter that runs the tests: nothing is pulled, no package is installed.

It holds Python with its standard library, the shared libraries that these need, and the stand-in server.
"""

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import docker

from tests.harness.servers.docker.labels import labels_of

HERE = Path(__file__).parent
SELFTEST = HERE.parent
PYTHON = Path(sys.executable).resolve()
STDLIB = Path(json.__file__).resolve().parents[1]
NEEDLESS = {
    "site-packages",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "lib2to3",
    "ensurepip",
    "turtledemo",
    "pydoc_data",
}
ROOT = "opt/standin"
VLLM = (
    f"#!{PYTHON}\nfrom vllm.entrypoints.openai.api_server import main\nimport sys\nsys.argv.pop(1)\nmain()\n"
)
"""The console script: `vllm serve MODEL`."""
SERVE = ("vllm", "serve")
API_SERVER = ("python3", "-m", "vllm.entrypoints.openai.api_server")


def standin_archive() -> bytes:
    """The file system of the image."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", dereference=True) as tar:
        for path in [*standard_library(), *libraries(), PYTHON]:
            tar.add(path, str(path).lstrip("/"), recursive=False)
        for path in [*(SELFTEST / "standin" / "vllm").rglob("*.py")]:
            tar.add(path, f"{ROOT}/{path.relative_to(SELFTEST / 'standin')}")
        for name in ("__init__.py", "serve.py"):
            tar.add(SELFTEST / "standin" / name, f"{ROOT}/tests/selftest/standin/{name}")
        add_text(tar, "usr/bin/vllm", VLLM)
        link = tarfile.TarInfo("usr/bin/python3")
        link.type, link.linkname = tarfile.SYMTYPE, str(PYTHON)
        tar.addfile(link)
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(folder)
    return buffer.getvalue()


def add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text), 0o755
    tar.addfile(info, io.BytesIO(text.encode()))


def standard_library() -> Iterator[Path]:
    for path in STDLIB.rglob("*"):
        inside = path.relative_to(STDLIB).parts
        wanted = not NEEDLESS.intersection(inside) and not inside[0].startswith("config-")
        if wanted and path.is_file() and ".opt-" not in path.name:
            yield path


def libraries() -> set[Path]:
    """What the interpreter and its extension modules are linked with, at the paths where the loader looks."""
    programs = [PYTHON, *STDLIB.glob("lib-dynload/*.so")]
    said = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    words = {word for line in said.splitlines() if not line.endswith(":") for word in line.split()}
    return {Path(word) for word in words if word.startswith("/") and Path(word).is_file()}


def import_image(
    client: docker.DockerClient,
    archive: bytes,
    entrypoint: Sequence[str],
    session: str,
    env: Mapping[str, str] | None = None,
) -> str:
    """Make an image; it has the labels of `session`, which is how it is removed. Returns its id."""
    found = {str(path.parent) for path in libraries()}
    variables = {
        "PATH": "/usr/bin",
        "PYTHONPATH": f"/{ROOT}",
        "LD_LIBRARY_PATH": ":".join(sorted(found)),
        **(env or {}),
    }
    changes = [f"ENTRYPOINT {json.dumps(list(entrypoint))}", "VOLUME /data"]
    changes += [f"ENV {name}={value}" for name, value in variables.items()]
    changes += [f"LABEL {name}={value}" for name, value in labels_of(session).items()]
    answer = client.api.import_image_from_data(archive, changes=changes)
    return str(json.loads(answer.splitlines()[-1])["status"])
