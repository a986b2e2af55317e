"""Each provider says all that is asked of one, and nobody else knows a provider by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.core.records.target import Target
from tests.harness.servers import auto
from tests.harness.servers.provider import Provider
from tests.harness.servers.registry import is_managed, known_providers, provider_for
from tests.selftest.servers import lent

HARNESS = Path(__file__).parents[2] / "harness"
PROVIDERS = HARNESS / "servers" / "providers"
NAMES = {*known_providers(), auto.NAME}
OTHER_MEANINGS = {
    ("cases/requests.py", "auto"),  # a request's tool_choice
    ("cases/forcing.py", "auto"),
    ("cases/request_tags.py", "auto"),
    ("suites/clients/messages.py", "auto"),
    ("suites/clients/responses.py", "auto"),
    ("servers/preflight.py", "auto"),
    ("suites/bad_requests/wording.py", "auto"),
    ("suites/bad_requests/mutated.py", "auto"),
    ("servers/auto.py", "auto"),  # where the word is defined
    ("report/evidence.py", "http"),  # how a URL begins
    ("recording/sdk_view.py", "replay"),  # a name in place of a model's
}
"""File and word, where the word is no provider's name."""


def words_of(source: str) -> Iterator[str]:
    """Return every text that a module holds, the pieces of f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named_in(source: str) -> set[str]:
    """Return the provider names that a module spells out, alone or as the beginning of a target."""
    return {
        word.partition(":")[0]
        for word in words_of(source)
        if word in NAMES or (word.endswith(":") and word[:-1] in NAMES)
    }


@pytest.mark.parametrize(
    "path", sorted(HARNESS.rglob("*.py")), ids=lambda path: str(path.relative_to(HARNESS))
)
def test_no_other_file_knows_a_provider_by_its_name(path: Path) -> None:
    place = path.relative_to(HARNESS).as_posix()
    if PROVIDERS in path.parents:
        return
    assert {name for name in named_in(path.read_text()) if (place, name) not in OTHER_MEANINGS} == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('if target.provider != "http": pass', {"http"}),
        ('text = f"process:{version}"', {"process"}),
        ('"""A process target."""\nraise ValueError("choose process:0.32.0")', set()),
    ],
)
def test_a_name_that_is_spelled_out_would_be_noticed(source: str, names: set[str]) -> None:
    assert named_in(source) == names


@pytest.mark.parametrize("name", sorted(known_providers()))
def test_a_provider_says_all_that_is_asked_of_one(name: str) -> None:
    provider = known_providers()[name]
    wanted = {*Provider.__annotations__, *(word for word in vars(Provider) if not word.startswith("_"))}
    assert [word for word in sorted(wanted) if not hasattr(provider, word)] == []
    assert name == provider.NAME
    assert all(provider_for(scheme) is provider for scheme in provider.SCHEMES)
    assert (PROVIDERS / f"{name}.py").is_file(), "a provider's file has its name"


@pytest.mark.parametrize(
    ("name", "managed"),
    [("container", True), ("process", True), ("http", False), ("replay", False), ("lent", False)],
)
def test_the_suite_manages_what_it_launches(
    name: str, managed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(known_providers(), lent.NAME, lent)
    assert is_managed(Target("", name, "")) is managed
