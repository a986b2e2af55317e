"""A running server does not say which parser it runs: what is assumed is told, and the user may say otherwise."""

from pathlib import Path

from tests.selftest.jobs import job
from tests.selftest.talking_server import Talker, defect, talking

ASSUMED = "parser xlam (assumed: a running server does not say; [parser=NAME] names another)"
TOKYO = ("-k", "test_query and tokyo and stream")


def test_what_is_assumed_is_told_and_recorded(tmp_path: Path) -> None:
    with talking(Talker()) as server:
        ended = job(tmp_path / "live", "--target", server.url, *TOKYO)
        assert f"target    {server.url}   profile borrowed   {ASSUMED}" in ended.said
        header = ended.run().header
        assert (header.provider, header.managed, header.parser, header.parser_assumed) == (
            "http",
            False,
            "xlam",
            True,
        )
    again = job(tmp_path / "again", "--target", f"replay:{ended.runs[0]}", *TOKYO)
    assert again.status == 0, again.said
    header = again.run().header
    assert (header.provider, header.managed, header.parser, header.parser_assumed) == (
        "replay",
        False,
        "xlam",
        True,
    )


def test_the_ledger_is_asked_about_the_parser_that_the_user_names(tmp_path: Path) -> None:
    """A known defect of xlam explains nothing that another parser does; a replay asks as the run did."""
    with talking(Talker(defect("arguments_sent_twice"))) as server:
        assumed = job(tmp_path / "assumed", "--target", server.url, *TOKYO)
        named = job(tmp_path / "named", "--target", f"{server.url}[parser=hermes]", *TOKYO)
    assert (assumed.status, named.status) == (0, 1)
    assert "profile borrowed   parser hermes\n" in named.said
    header = named.run().header
    assert (header.parser, header.parser_assumed) == ("hermes", False)
    again = job(tmp_path / "again", "--target", f"replay:{named.runs[0]}", *TOKYO)
    assert again.status == 1, again.said
    assert again.run().header.parser == "hermes"
