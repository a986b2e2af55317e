"""How many tokens a question has: as each address counts it, streamed, whole, and where nothing else is asked."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.harness.cases.requests import query_body
from tests.harness.core.http.ask import OK
from tests.harness.core.records.case import MODES, Case
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.core.records.split import NATURAL
from tests.harness.judging.checks.clients.counts import Counted, judge_alike
from tests.harness.recording.assemble import read_reply
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import messages
from tests.harness.suites.clients.recording_client import ADAPTERS, RecordingClient
from tests.harness.suites.clients.suite import ClientSuite

TOKENIZE, COUNT_TOKENS = "/tokenize", "/v1/messages/count_tokens"
_OF_PROMPT = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_OF_ANSWER = ("output_tokens",)
_MARK = {"cache_control": {"type": "ephemeral"}}
"""Is no part of the prompt: agents send it with their tools."""


Usage = tuple[str, object, str]
"""Who counts, the usage that the answer holds, and the name of its recording."""


class CountSuite:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore, client_suite: ClientSuite) -> None:
        """Take a deployment's answers, and who knows its addresses."""
        self.server = answer_store.server
        self._answers = answer_store
        self._clients = client_suite
        self._line = RecordingClient(answer_store)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def observe(self, case: Case) -> Observation:
        """Compare all counts of a question that have to be the same."""
        of_messages, of_responses = (
            self._usages_at(case, endpoint) for endpoint in ("messages", "responses")
        )
        groups = [
            [*self._at_chat(case), *self._alone(case, TOKENIZE, self._to_tokenize(case), "count")],
            [*self._of_messages(case), *_sums(of_messages, _OF_PROMPT)],
            _sums(of_responses, _OF_PROMPT),
        ]
        if self.server.deployment.profile.stable:
            groups.append(_sums(of_messages, _OF_ANSWER))
            groups.append(_sums(of_responses, _OF_ANSWER))
        found = [pair for group in groups if group for pair in judge_alike(group)]
        findings: tuple[Finding, ...] = tuple(finding for finding, _ in found)
        missing = [path for path in (TOKENIZE, COUNT_TOKENS) if not self._clients.lists(path)]
        return Observation(
            findings,
            mode="whole",
            exchange=found[0][1] if found else "",
            not_applicable=tuple(f"the server does not list {path} in its /openapi.json" for path in missing),
        )

    def _at_chat(self, case: Case) -> Iterator[Counted]:
        for mode in MODES:
            body = query_body(case, mode, self.server.deployment.model)
            exchange = self._answers.record(case.id, mode, NATURAL.name, body)
            reply = read_reply(exchange, streamed=mode == "stream")
            if exchange.status == OK and not (exchange.error or reply.error):
                tokens = (reply.usage or {}).get("prompt_tokens")
                yield Counted(f"/v1/chat/completions, {mode}", tokens, exchange.key.name)

    def _of_messages(self, case: Case) -> list[Counted]:
        body = messages.query(case, self.server.deployment.model, stream=False)
        counted = {name: value for name, value in body.items() if name in {"model", "messages", "tools"}}
        marked = [{**tool, **_MARK} for tool in counted.get("tools", ())]
        return [
            *self._alone(case, COUNT_TOKENS, counted, "input_tokens"),
            *(
                self._alone(case, COUNT_TOKENS, {**counted, "tools": marked}, "input_tokens")
                if marked
                else ()
            ),
        ]

    def _usages_at(self, case: Case, endpoint: str) -> list[Usage]:
        """Return what an address counts in both modes, and the recordings that say it.

        One that fails counts nothing: that is told where it is asked for its own sake.
        """
        if self._clients.skip_reason(endpoint):
            return []
        model, name = self.server.deployment.model, f"{case.id}/{endpoint}/counts"
        bodies = (ADAPTERS[endpoint].query(case, model, stream=mode == "stream") for mode in MODES)
        answers = [self._line.asked(endpoint, name, body) for body in bodies]
        read = [(captured, self._line.readable_object(endpoint, captured.exchange)) for captured in answers]
        return [
            (
                f"{ADAPTERS[endpoint].PATH}, {captured.exchange.key.mode}",
                whole.get("usage"),
                self._line.saved(captured),
            )
            for captured, whole in read
            if whole
        ]

    def _alone(self, case: Case, path: str, body: dict[str, Any], field: str) -> list[Counted]:
        if not self._clients.lists(path):
            return []
        captured = self._line.posted(path, f"{case.id}{path.replace('/', '-')}", body)
        tokens = captured.view.get(field) if isinstance(captured.view, dict) else None
        what = f"{path}, tools marked for a cache" if _MARK.items() <= _first_tool(body).items() else path
        return [Counted(what, tokens, self._line.saved(captured))]

    def _to_tokenize(self, case: Case) -> dict[str, Any]:
        body = query_body(case, "whole", self.server.deployment.model)
        return {name: body[name] for name in ("model", "messages", "tools") if name in body}


def _sums(usages: Sequence[Usage], names: Sequence[str]) -> list[Counted]:
    """Return the sum of some fields of each usage."""
    return [_sum(*usage, names) for usage in usages]


def _sum(source: str, usage: object, exchange: str, names: Sequence[str]) -> Counted:
    told: dict[str, Any] = usage if isinstance(usage, dict) else {}
    counts = [told[name] for name in names if isinstance(told.get(name), int)]
    return Counted(source, sum(counts) if counts else None, exchange)


def _first_tool(body: dict[str, Any]) -> dict[str, Any]:
    tools: list[dict[str, Any]] = body.get("tools") or [{}]
    return tools[0]
