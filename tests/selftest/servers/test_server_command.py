"""The flags of a launched server, the files that it is handed, and the command that a person can paste."""

from pathlib import Path

from tests.harness.core.records.profile import Profile
from tests.harness.servers.server_command import carried_files, server_flags, shown
from tests.harness.servers.target_strings import parse_target

PROFILE = Profile(id="p", model="org/model", parser="xlam", why="a test", args=("--dtype=bfloat16",))


def test_carried_files_are_named_where_the_server_finds_them(tmp_path: Path) -> None:
    plugin = tmp_path / "patched.py"
    plugin.write_text("")
    target = parse_target(f"process:0.32.0[arg=--tool-parser-plugin=@{plugin},arg=--tool-call-parser=mine]")
    assert [file.name for file in carried_files(target)] == ["patched.py"]
    flags = server_flags(PROFILE, target, "/where/it/runs", None)
    assert "--tool-parser-plugin=/where/it/runs/patched.py" in flags
    assert flags[-1] == "--tool-call-parser=mine"


def test_an_address_with_an_at_sign_is_no_file() -> None:
    assert carried_files(parse_target("process:0.32.0[arg=--allowed-origins=me@example.org]")) == ()


def test_the_shown_command_can_be_pasted() -> None:
    assert shown(["python", "-m", "x y"], {"A": "1 2"}) == "A='1 2' python -m 'x y'"
