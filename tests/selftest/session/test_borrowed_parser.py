"""A running server does not say which parser it runs: whoever names the server says it, and nothing is assumed."""

from pathlib import Path

from tests.harness.cases.dialects.registry import known_parsers
from tests.selftest.jobs import PARSER, job
from tests.selftest.talking_server import Talker, defect, talking

TOKYO = ("-k", "test_query and tokyo and stream")


def test_nobody_is_asked_before_it_is_said(tmp_path: Path) -> None:
    ended = job(tmp_path, "--target", "http://127.0.0.1:9", *TOKYO, **{PARSER: ""})
    assert ended.status == 4
    assert "--target http://127.0.0.1:9: which tool-call parser does this server run?" in ended.said
    assert "add --parser NAME, or [parser=NAME] to the target" in ended.said
    assert ", ".join(sorted(known_parsers())) in ended.said
    assert not ended.runs


def test_it_is_said_of_all_targets_and_by_a_target_of_itself(tmp_path: Path) -> None:
    """A known defect of xlam explains nothing that another parser does; a replay asks as the run did."""
    with talking(Talker(defect("arguments_sent_twice"))) as server:
        by_option = job(
            tmp_path / "option", "--target", server.url, "--parser", "xlam", *TOKYO, **{PARSER: ""}
        )
        named = job(
            tmp_path / "named", "--target", f"{server.url}[parser=hermes]", *TOKYO, **{PARSER: "xlam"}
        )
    assert (by_option.status, named.status) == (0, 1)
    assert f"target    {server.url}   profile borrowed   parser xlam\n" in by_option.said
    assert "profile borrowed   parser hermes\n" in named.said
    assert [ended.run().header.parser for ended in (by_option, named)] == ["xlam", "hermes"]
    again = job(tmp_path / "again", "--target", f"replay:{named.runs[0]}", *TOKYO, **{PARSER: ""})
    assert again.status == 1, again.said
    assert again.run().header.parser == "hermes"


def test_a_profile_says_it_too(tmp_path: Path) -> None:
    with talking(Talker()) as server:
        ended = job(
            tmp_path, "--target", f"{server.url}[profile=fixture,model=scripted]", *TOKYO, **{PARSER: ""}
        )
    assert ended.status == 0, ended.said
    assert ended.run().header.parser == "xlam"
