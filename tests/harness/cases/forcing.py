"""How a deployment is made to write a text: by script where the scripted engine speaks, by grammar elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness.cases import forcing_by_grammar, forcing_by_script
from tests.harness.cases.requests import with_terms
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.split import Split

SLACK = 16
"""Tokens beyond the text's bytes: the end of the text, and what a template may add."""


@dataclass(frozen=True)
class Forcing:
    """The two requests that a text takes."""

    steering: Callable[[Case, Split, Sequence[int]], dict[str, Any]]
    """From a case, a split and the tokens of its text's characters to the parameters that make the server write it."""
    takes_tokens: bool
    """They have to be told the tokens of single characters."""
    cuts_exactly: bool
    """Each delta ends where the request says, on every release."""
    echo_split: Callable[[Case, Split], Split]
    """From a case and a split of its answer to the split of the echo that proves what was written."""

    def forced_body(
        self, case: Case, split: Split, mode: Mode, model: str, character_tokens: Sequence[int]
    ) -> dict[str, Any]:
        """Return the request whose answer is judged: `case.text` with the case's tools on offer."""
        body = self.echo_body(case, split, mode, model, character_tokens)
        if case.tools:
            body |= {"tools": list(case.tools), "tool_choice": "auto"}
        return with_terms(body, case)

    def echo_body(
        self, case: Case, split: Split, mode: Mode, model: str, character_tokens: Sequence[int]
    ) -> dict[str, Any]:
        """Return a forced request without its tools: what it writes is the text, or nothing was forced."""
        text = case.text or ""
        body: dict[str, Any] = {
            "model": model,
            "messages": list(case.messages),
            "max_tokens": len(text.encode()) + SLACK if case.cut is None else len(case.emitted_text),
            "stream": mode == "stream",
            # Every frame then names the tokens that it was made from: how the stream was cut is no guess.
            "return_token_ids": True,
            **self.steering(case, split, character_tokens),
        }
        if mode == "stream":
            body["stream_options"] = {"include_usage": True}
        return body


BY_SCRIPT = Forcing(
    lambda case, split, _: forcing_by_script.steering(case, split),
    takes_tokens=False,
    cuts_exactly=True,
    echo_split=forcing_by_script.echo_split,
)


def by_grammar(version: str) -> Forcing:
    """Return how a release is made to write a text with a model."""
    return Forcing(
        lambda case, split, tokens: forcing_by_grammar.steering(case.text or "", split, version, tokens),
        takes_tokens=True,
        cuts_exactly=False,
        echo_split=lambda _, split: split,  # bias and sampling decide what is written, too
    )


def forcing_of(version: str, *, scripted: bool) -> Forcing:
    """Return how texts are forced on a deployment of a release, with the scripted engine or without."""
    return BY_SCRIPT if scripted else by_grammar(version)
