"""What an image says about itself; no Docker engine is needed."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, ImageNotFound

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.profile import Profile
from tests.harness.servers.docker.images import Image, obtain
from tests.harness.servers.progress import Progress


def image(*entrypoint: str, labels: dict[str, str] | None = None, **env: str) -> Image:
    return Image("some/image:1", entrypoint, env, labels or {})


def profile(launch: str = "inspect") -> Profile:
    return Profile("mine", "m", "xlam", "a test", launch=launch)


@pytest.mark.parametrize(
    ("entrypoint", "words"),
    [
        (("vllm", "serve"), ["M"]),
        (("/opt/venv/bin/vllm", "serve"), ["M"]),
        (("python3", "-m", "vllm.entrypoints.openai.api_server"), ["--model", "M"]),
        (("/bin/sh", "-c", "exec python3 -m vllm.entrypoints.openai.api_server"), ["--model", "M"]),
        ((), ["vllm", "serve", "M"]),
    ],
)
def test_the_model_goes_where_the_entrypoint_takes_it(entrypoint: tuple[str, ...], words: list[str]) -> None:
    assert image(*entrypoint).model_words(profile(), "M") == words


@pytest.mark.parametrize(("launch", "words"), [("positional", ["M"]), ("option", ["--model", "M"])])
def test_the_profile_decides_where_the_image_does_not(launch: str, words: list[str]) -> None:
    assert image("/start.sh").model_words(profile(launch), "M") == words


@pytest.mark.parametrize("entrypoint", [("/start.sh",), ("serve",), ("other", "serve")])
def test_an_unknown_entrypoint_is_refused(entrypoint: tuple[str, ...]) -> None:
    with pytest.raises(
        InfrastructureError, match='`launch = "positional"` or `launch = "option"` in the profile mine'
    ):
        image(*entrypoint).model_words(profile(), "M")


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({}, False),
        ({"PATH": "/usr/bin"}, False),
        ({"NVIDIA_VISIBLE_DEVICES": "all"}, True),
        ({"CUDA_VERSION": "13.0.2"}, True),
        ({"NVIDIA_REQUIRE_CUDA": "cuda>=12"}, True),
        ({"CUDA_VERSION": "13.0.2", "NVIDIA_VISIBLE_DEVICES": "void"}, False),
    ],
)
def test_a_gpu_image_is_known_by_its_environment(env: dict[str, str], wanted: bool) -> None:
    assert image("vllm", "serve", **env).wants_gpu is wanted


def test_only_our_own_images_lack_the_official_files() -> None:
    assert image("vllm", "serve").has_official_files
    assert not image("vllm", "serve", labels={"xlam-gate.image": "cpu"}).has_official_files


class Registry:
    """An engine that has no image, and pulls as told."""

    def __init__(self, events: list[dict[str, Any]], refuses: str = "") -> None:
        self.events, self.refuses, self.asked = events, refuses, ("", "")
        self.images = self.api = self
        self.has = False

    def get(self, name: str) -> Any:
        if not self.has:
            raise ImageNotFound(name)
        config = {"Entrypoint": ["vllm", "serve"], "Env": ["A=b=c"], "Labels": None}
        return SimpleNamespace(attrs={"Config": config})

    def pull(self, repository: str, tag: str, **_: Any) -> Iterator[dict[str, Any]]:
        self.asked = (repository, tag)
        if self.refuses:
            raise APIError("500 Server Error", explanation=self.refuses)
        yield from self.events
        self.has = True


class Hurried(Progress):
    """Writes at each tick."""

    def tick(self, last: str = "") -> None:
        self.line("pull", last)


def layer(name: str, status: str, current: int = 0, total: int = 0) -> dict[str, Any]:
    return {
        "id": name,
        "status": status,
        "progressDetail": {"current": current, "total": total} if total else {},
    }


def test_a_pull_says_how_far_it_is() -> None:
    lines: list[str] = []
    events = [
        layer("latest", "Pulling from some/image"),
        layer("a", "Downloading", 1 * 10**9, 2 * 10**9),
        layer("b", "Downloading", 3 * 10**9, 6 * 10**9),
        layer("a", "Download complete"),
        layer("b", "Extracting", 1, 6 * 10**9),
    ]
    registry = Registry(events)
    found = obtain(registry, "some/image", Hurried(lines.append))  # type: ignore[arg-type]
    assert registry.asked == ("some/image", "latest")
    assert found.entrypoint == ("vllm", "serve")
    assert found.env == {"A": "b=c"}
    said = [line.removeprefix("pull      ") for line in lines]
    assert said[:6] == [
        "some/image",
        "Pulling from some/image",
        "1.0 of 2.0 GB",
        "4.0 of 8.0 GB",
        "5.0 of 8.0 GB",
        "5.0 of 8.0 GB",
    ]
    assert said[-1].startswith("some/image  done in ")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "manifest for x:9 not found: manifest unknown: manifest unknown",
            "there is no image x:9, here or in its registry",
        ),
        (
            "pull access denied for x, repository does not exist or may require 'docker login'",
            "there is no image x:9",
        ),
        (
            "Get https://registry/v2/: dial tcp: lookup registry: no such host",
            "is not here and its registry cannot be reached",
        ),
        (
            "Get https://registry/v2/: net/http: TLS handshake timeout",
            "is not here and its registry cannot be reached",
        ),
    ],
)
@pytest.mark.parametrize("in_stream", [True, False])
def test_a_failed_pull_is_one_sentence(said: str, sentence: str, in_stream: bool) -> None:
    registry = Registry([{"error": said}]) if in_stream else Registry([], refuses=said)
    with pytest.raises(InfrastructureError) as failure:
        obtain(registry, "x:9", Progress(lambda _: None))  # type: ignore[arg-type]
    assert sentence in str(failure.value)
    assert "\n" not in str(failure.value)
