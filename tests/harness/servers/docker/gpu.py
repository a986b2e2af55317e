"""Whether Docker can hand out a GPU: asked of the engine itself."""

import contextlib
import json
import os
import re
import secrets

import docker
from docker.errors import APIError, DockerException
from docker.types import DeviceRequest

from tests.harness.servers.docker.engine import NoEngine, engine_environment, explanation, local_engine
from tests.harness.servers.docker.labels import labels_of, session_label
from tests.harness.servers.reaper.client import Reaper

_EMPTY_TAR = bytes(1024)
_NO_RUNTIME = re.compile(
    r"could not select device driver|no known GPU vendor|from CDI|unknown runtime", re.IGNORECASE
)
_BROKEN_DRIVER = re.compile(
    r"nvidia-container|nvidia driver|nvml|libcuda|libnvidia|driver error|driver/library", re.IGNORECASE
)
_NO_PROGRAM = re.compile(
    r"executable file not found|no such file or directory|no command specified", re.IGNORECASE
)


def gpu_request() -> DeviceRequest:
    """Return all GPUs, or those that CUDA_VISIBLE_DEVICES names."""
    device_ids = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    if device_ids:
        return DeviceRequest(device_ids=device_ids.split(","), capabilities=[["gpu"]])
    return DeviceRequest(count=-1, capabilities=[["gpu"]])


def gpu_words() -> list[str]:
    """Return the GPUs for the arguments of `docker run`: all, or those that CUDA_VISIBLE_DEVICES names."""
    device_ids = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return ["--gpus", f'"device={device_ids}"' if device_ids else "all"]


def gpu_refusal() -> str | None:
    """Return why there is no GPU to be had through Docker, in a few words; None if there is one."""
    try:
        client = local_engine()
    except NoEngine as problem:
        return problem.brief
    session = secrets.token_hex(6)
    reaper = Reaper(container_label=session_label(session), env=engine_environment())
    try:
        return interpret(_ask(client, session, reaper))
    except DockerException as error:
        return f"the Docker engine could not be asked for a GPU ({explanation(error)})"
    finally:
        reaper.stop()
        client.close()


def interpret(message: str) -> str | None:
    """Return the refusal in the engine's message about an empty image with a GPU; None if only the program lacked."""
    if _NO_RUNTIME.search(message):
        return "Docker has no GPU to give"
    if _BROKEN_DRIVER.search(message):
        return "Docker's GPU runtime is installed, but no NVIDIA driver works behind it"
    if not message or _NO_PROGRAM.search(message):
        return None
    return f"Docker refuses to give a GPU ({message})"


def start_refusal(image: str, message: str) -> str | None:
    """Return the sentence for a container refused because of its GPU; None if it was refused for something else."""
    if _NO_RUNTIME.search(message):
        return (
            f"{image} needs a GPU, and Docker has none to give:"
            " install the NVIDIA driver and the NVIDIA Container Toolkit and restart Docker,"
            " or serve it without one (container:IMAGE[gpu=none], or the same release as wheel:VERSION)"
        )
    if _BROKEN_DRIVER.search(message):
        return (
            f"{image} needs a GPU; Docker's GPU runtime is installed, but no NVIDIA driver works behind it"
            f" (try `nvidia-smi`): {message}"
        )
    return None


def _ask(client: docker.DockerClient, session: str, reaper: Reaper) -> str:
    """Start an image without a program, with a GPU, and return the engine's message: it looks for the GPU first."""
    with reaper.busy():
        labels = labels_of(session)
        changes = [f"LABEL {name}={value}" for name, value in labels.items()]
        answer = client.api.import_image_from_data(_EMPTY_TAR, changes=changes)
        image = json.loads(answer.splitlines()[-1])["status"]
        container = client.containers.create(
            image, command=["none"], labels=labels, device_requests=[gpu_request()], network_mode="none"
        )
    try:
        container.start()
    except APIError as error:
        return explanation(error)
    with contextlib.suppress(APIError):
        container.kill()
    return ""
