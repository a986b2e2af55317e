"""How a deployment is made to write a text: by script where the scripted engine speaks, by grammar elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.harness.cases import forcing_by_grammar, forcing_by_script

MakeBody = Callable[..., dict[str, Any]]
"""From case, split, mode, model, version and the tokens of its characters to a body."""


@dataclass(frozen=True)
class Forcing:
    """The two requests that a text takes."""

    forced_body: MakeBody
    """Whose answer is judged."""
    echo_body: MakeBody
    """The same without tools."""
    takes_tokens: bool
    """They have to be told the tokens of single characters."""
    cuts_exactly: bool
    """Each delta ends where the request says, on every release."""


BY_GRAMMAR = Forcing(
    forcing_by_grammar.forced_body, forcing_by_grammar.echo_body, takes_tokens=True, cuts_exactly=False
)
BY_SCRIPT = Forcing(
    forcing_by_script.forced_body, forcing_by_script.echo_body, takes_tokens=False, cuts_exactly=True
)


def forcing_of(*, scripted: bool) -> Forcing:
    """Return how texts are forced on a deployment, with the scripted engine or without."""
    return BY_SCRIPT if scripted else BY_GRAMMAR
