"""The borrowed server: which parser it runs, nobody but the user can say."""

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.servers.target_strings import parse_target


def test_the_user_may_name_the_parser_of_a_server_that_runs() -> None:
    assert parse_target("http://gpu-box:8000").parser is None
    target = parse_target("http://gpu-box:8000[model=m,parser=hermes]")
    assert (target.parser, target.model) == ("hermes", "m")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("process:0.32.0[parser=hermes]", "arg=--tool-call-parser=NAME starts the server with another"),
        (
            "container:image[parser=hermes]",
            "parser=hermes says what a server runs that the suite does not start",
        ),
        ("auto[parser=hermes]", "of this one the parser is known"),
        ("http://gpu-box:8000[parser=two words]", "the name of a vLLM tool-call parser is wanted"),
        ("http://gpu-box:8000[parser=]", "unknown option 'parser='"),
        (
            "replay:runs/none[parser=hermes]",
            "arg=, model= and parser= need a server; a replay has only its recording",
        ),
    ],
)
def test_a_parser_that_cannot_be_named_is_refused_in_a_line(text: str, says: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse_target(text)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)
