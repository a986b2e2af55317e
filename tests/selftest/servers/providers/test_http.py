"""The borrowed server: which parser it runs, nobody but the user can say."""

from tests.harness.servers.target_strings import parse_target


def test_the_user_may_name_the_parser_of_a_server_that_runs() -> None:
    assert parse_target("http://gpu-box:8000").parser is None
    target = parse_target("http://gpu-box:8000[model=m,parser=hermes]")
    assert (target.parser, target.model) == ("hermes", "m")
