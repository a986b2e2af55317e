"""The imports point one way, and the layout is what the papers say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARNESS = ROOT / "tests" / "harness"
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "runfolder": {"core"},
    "recording": {"core", "runfolder"},
    "cases": {"core"},
    "judging": {"core", "recording"},
    "gate": {"core", "judging"},
    "report": {"core", "gate", "recording", "runfolder"},
    "servers": {"core", "cases"},
    "suites": {"core", "runfolder", "recording", "cases", "judging", "report", "servers"},
    "session": {
        *("core", "runfolder", "recording", "cases", "judging", "gate", "report", "servers", "suites"),
        "options",  # what the user asked for
    },
    "options": {"core", "judging", "servers"},
    "fixtures": {"core", "session", "suites", "servers", "recording", "report", "judging"},
    "plugin": {"fixtures", "gate", "session", "suites", "servers", "cases", "core", "options"},
}
"""Room, or file at the top -> what it may import beside itself. Whatever is not here fails."""


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def part(module: str) -> str | None:
    """Return the room or the top file of the harness that a module belongs to; None outside."""
    words = module.split(".")
    return words[2] if words[:2] == ["tests", "harness"] and len(words) > 2 else None


def wrong_imports(path: Path) -> list[str]:
    own = path.relative_to(HARNESS).parts[0].removesuffix(".py")
    allowed = ALLOWED.get(own, set()) | {own}
    return [module for module in imports_of(path) if part(module) not in {None} | allowed]


@pytest.mark.parametrize(
    "path", sorted(HARNESS.rglob("*.py")), ids=lambda path: str(path.relative_to(HARNESS))
)
def test_a_room_imports_those_below_it_only(path: Path) -> None:
    assert wrong_imports(path) == []


def test_a_wrong_import_would_be_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    room = tmp_path / "checks"
    room.mkdir()
    (room / "rule.py").write_text("from tests.harness.recording.sse import read\n")
    monkeypatch.setattr(f"{__name__}.HARNESS", tmp_path)
    assert wrong_imports(room / "rule.py") == ["tests.harness.recording.sse"]


def rooms() -> list[str]:
    """Return every folder of the harness that has files of code beside `__init__.py`."""
    files = (path for path in HARNESS.rglob("*.py") if path.name != "__init__.py")
    return sorted({str(path.parent.relative_to(HARNESS)) for path in files} - {"."})


@pytest.mark.parametrize("room", rooms())
def test_a_room_has_its_self_tests_in_the_room_of_the_same_name(room: str) -> None:
    assert list((Path(__file__).parent / room).glob("test_*.py")), f"no test in tests/selftest/{room}/"


def test_nothing_else_lies_at_the_top() -> None:
    allowed = {
        "tests", "docker", "conftest.py", "pytest.ini", "pyproject.toml", "README.md", "LICENSE", "CONTRIBUTING.md",
        "CHANGELOG.md", "requirements.lock", ".gitignore", ".dockerignore", ".github", ".ci", ".git", ".venv", "runs",
        ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "__pycache__",
    }  # fmt: skip
    assert {path.name for path in ROOT.iterdir()} - allowed == set()


@pytest.mark.parametrize(
    "path",
    [ROOT / "requirements.lock", *sorted((ROOT / "tests" / "locks").glob("*.txt"))],
    ids=lambda path: path.name,
)
def test_locks_hold_versions_and_hashes_only(path: Path) -> None:
    lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    assert not [line for line in lines if "://" in line or line.startswith(("--index", "--find", "-i "))]
    names = [line for line in lines if not line.startswith("--hash=sha256:")]
    assert names
    assert not [line for line in names if "==" not in line]
