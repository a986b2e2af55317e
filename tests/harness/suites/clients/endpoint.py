"""What the rest of the callers needs to know of an address beside `/v1/chat/completions`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import httpx2

from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.reply import ToolCall

Turn = Sequence[dict[str, Any]]
"""An answer as a program keeps it for the next round: items or blocks."""


class UnknownTerm(Exception):
    """A term of a request for which an address has no words; the message is its name."""


class Address(Protocol):
    """What takes a case there and reads what comes back: a module each (`responses`, `messages`, `batch`)."""

    PATH: str

    def query(self, case: Case, model: str, *, stream: bool) -> dict[str, Any]:
        """Return the question, in the words of this API."""

    def terms(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return in the words of this API what a request to the chat address asks for. Raises UnknownTerm."""

    def in_chat_words(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return in the words of the chat address what the checks want to know of a request to this one."""

    def scripted(self, body: dict[str, Any], script: dict[str, Any]) -> dict[str, Any]:
        """Return a request with what the scripted engine is to say."""

    def send(
        self, body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport
    ) -> ClientResult:
        """Ask by the official client; return what it makes of the answer."""

    def result_of(self, answer: dict[str, Any]) -> ClientResult:
        """Return what a whole answer says."""

    def joined(self, events: Sequence[dict[str, Any]]) -> ClientResult:
        """Return what the events of a stream that is in order say."""

    def as_client_reads(self, raw: ClientResult) -> ClientResult:
        """Return a result as the client gives it, with what it cannot but change."""


class EndpointAdapter(Address, Protocol):
    """An address at which scenarios go through both rounds and texts are forced: `responses`, `messages`."""

    def forcing_skip_reason(self, version: str, *, scripted: bool) -> str:
        """Return why no text can be forced at this address of a release; empty if one can."""

    def forced(self, case: Case, chat_body: dict[str, Any]) -> dict[str, Any]:
        """Return the question whose answer is forced as that to the chat address is."""

    def turn_of(self, calls: Sequence[ToolCall]) -> Turn:
        """Return an answer that holds these calls."""

    def calls_in(self, turn: Turn) -> tuple[ToolCall, ...]:
        """Return the calls that a turn holds."""

    def follow_up(
        self, case: Case, model: str, turn: Turn, results: Sequence[str], *, stream: bool
    ) -> dict[str, Any]:
        """Return the round after the tools ran, one result a call."""

    def streamed(self, events: Sequence[dict[str, Any]]) -> ClientResult:
        """Return what the deltas of a stream alone say: what a program shows while the answer comes."""
