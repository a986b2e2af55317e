"""Requests that nobody wrote: one field of a good request holds whatever JSON can say."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.harness.cases.generate.engine import smallest
from tests.harness.core.printable import truncated
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.fuzzing import Effort
from tests.harness.core.records.judged_answer import ExplainedFinding
from tests.harness.core.records.observation import Observation, ObservedAnswer
from tests.harness.judging.checks.bad_requests import bad_request, survival
from tests.harness.judging.judge import Judge
from tests.harness.suites.bad_requests.suite import BadRequestSuite

FIELDS = (
    "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "temperature", "top_p", "top_k", "min_p", "n",
    "max_tokens", "max_completion_tokens", "min_tokens", "stop", "stop_token_ids", "stream", "stream_options", "seed",
    "logprobs", "top_logprobs", "logit_bias", "response_format", "presence_penalty", "frequency_penalty",
    "repetition_penalty", "user", "metadata", "structured_outputs", "chat_template_kwargs", "ignore_eos",
    "add_special_tokens",
)  # fmt: skip
"""Of the API and of vLLM; those that let a client run code or wait for ever are among the written requests alone."""
_NEVER = bad_request.NEVER | survival.NEVER
_SHOWN = 200
_ONCE = "It came once of two times: sent again, the same request did not show it."
_Drawn = tuple[str, Any]
_WORDS = (
    "type",
    "function",
    "name",
    "parameters",
    "role",
    "content",
    "user",
    "text",
    "auto",
    "json_object",
    "grammar",
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(_WORDS)
)
VALUES = st.recursive(
    _LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), below, max_size=3),
    max_leaves=6,
)


class _Killed(Exception):
    """Ends the search: a server is not killed twice to make the request smaller."""

    def __init__(self, observed: ObservedAnswer) -> None:
        super().__init__()
        self.observed = observed


class MutatedRequests:
    """Belongs to one test item."""

    def __init__(self, bad_request_suite: BadRequestSuite, judge: Judge, effort: Effort) -> None:
        """Take what sends and what judges; nothing is sent yet."""
        self._suite = bad_request_suite
        self._judge = judge
        self._effort = effort
        self._seen: dict[str, ObservedAnswer] = {}
        """What each request did when it was sent first: a search has to find again what it found."""

    def run(self, item: str) -> ObservedAnswer:
        """Return the smallest request that does what none may and nobody knows of; else all that is known."""
        known: dict[str, ExplainedFinding] = {}

        def is_unknown(drawn: _Drawn) -> bool:
            name = _name(drawn)
            if name not in self._seen:
                self._seen[name] = self._observed(*drawn, item)
            observed = self._seen[name]
            if survival.DEAD.name in observed.answer.names:
                raise _Killed(observed)
            if _is_unknown(observed):
                return True
            known.update({found.finding.name: found for found in observed.answer.findings})
            return False

        drawn = st.tuples(st.sampled_from(FIELDS), VALUES)
        try:
            found = smallest(drawn, self._effort.examples, self._effort.seed, is_unknown)
        except _Killed as killed:
            return killed.observed
        if found:
            return self._sent_again(found, item)
        observation = Observation(tuple(found.finding for found in known.values()), mode="whole")
        parser = self._suite.server.deployment.profile.parser
        answer = self._judge.observed(observation, item, parser).answer
        return ObservedAnswer(observation, replace(answer, findings=tuple(known.values())))

    def _sent_again(self, drawn: _Drawn, item: str) -> ObservedAnswer:
        """Return what a request does a second time; what it did the first time alone is a finding too, and says so."""
        first, again = self._seen[_name(drawn)], self._observed(*drawn, item)
        return again if _is_unknown(again) else _of_once(first)

    def _observed(self, field: str, value: Any, item: str) -> ObservedAnswer:
        why = truncated(f"A good request with another {field}: {json.dumps(value)}", _SHOWN) + "."
        bad = BadRequest(
            item,
            item,
            why,
            "POST",
            "/v1/chat/completions",
            set={field: value, "max_tokens": 4} if field != "max_tokens" else {field: value},
            may_accept="nobody knows what was drawn",
            risk="crash",
            tags=_tags(field, value),
        )
        sight = self._suite.probe(bad)
        findings = tuple(finding for finding in sight.findings if finding.name in _NEVER)
        observation = Observation(findings, exchange=sight.exchange, by_hand=sight.by_hand, mode="whole")
        return self._judge.observed(observation, item, self._suite.server.deployment.profile.parser, bad.tags)


def _name(drawn: _Drawn) -> str:
    """Return a name that tells `1` from `true` and from `1.0`, which are equal in Python."""
    return json.dumps(drawn)


def _is_unknown(observed: ObservedAnswer) -> bool:
    return bool(observed.answer.unexplained)


def _of_once(observed: ObservedAnswer) -> ObservedAnswer:
    """Return what a request did with a word that it did so once of two times."""
    findings = tuple(
        replace(explained, finding=replace(explained.finding, message=f"{explained.finding.message} {_ONCE}"))
        for explained in observed.answer.findings
    )
    observation = replace(observed.observation, findings=tuple(explained.finding for explained in findings))
    return ObservedAnswer(observation, replace(observed.answer, findings=findings))


def _tags(field: str, value: Any) -> frozenset[str]:
    """Return the tags of the written requests that are wrong in the same way."""
    is_other = field == "structured_outputs" and not isinstance(value, dict | type(None))
    return frozenset({"structured-outputs-no-object"} if is_other else ())
