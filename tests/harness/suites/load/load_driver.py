"""The ways in which a deployment is put under load; what is done with them is in `scenarios.py` and `soak.py`."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from tests.harness.core.http.ask import NoAnswer
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.load import Busy, Footprint, Stream
from tests.harness.recording.recorder import Recorder
from tests.harness.servers.registry import provider_of
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.load.load_shape import LoadShape
from tests.harness.suites.load.raw_client import RawClient
from tests.harness.suites.load.server_state import busy_of
from tests.harness.suites.load.texts import call_body


class LoadDriver:
    """Belongs to one test item; threads may ask side by side."""

    def __init__(self, answer_store: AnswerStore, version: str, shape: LoadShape, item: str) -> None:
        """Take what asks and how much load to make; `item` names what is recorded; nothing is sent yet."""
        self.server = answer_store.server
        self.shape = shape
        self.item = item
        self.version = version
        self._answers = answer_store
        deployment = self.server.deployment
        self._recorder = Recorder(deployment.base_url, deployment.api_key)
        self.raw = RawClient(deployment.base_url, deployment.api_key)
        self._attempts = count()

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def skip_reason(self) -> str:
        """Return why no load can be made here; empty if it can: every stream has to carry a secret, which is forced."""
        return self.server.deployment.profile.forcing_refusal

    @property
    def most_at_once(self) -> int | None:
        """Return how many requests at a time the profile allows; None: any number."""
        return self.server.deployment.profile.concurrency

    def body(self, text: str) -> dict[str, Any]:
        """Return a request that is answered with a call that holds the text."""
        return call_body(self.item, text, self.server.deployment, self.version)

    def call(self, text: str) -> Exchange:
        """Ask for a call that holds the text."""
        return self.send(self.body(text))

    def send(self, body: dict[str, Any]) -> Exchange:
        """Ask, past the official client's own limits and within the suite's."""
        attempt = next(self._attempts)
        return self._recorder.record(self.item, "stream", "natural", attempt, body, self.limits(body))

    def limits(self, body: dict[str, Any]) -> Limits:
        """Return how long and how large the answer may be."""
        return self._answers.limits(body)

    def keep(self, stream: Stream | None) -> str:
        """Save the exchange of a stream that shows something; return the recording's name."""
        if stream is None or stream.exchange is None:
            return ""
        return self._answers.keep(stream.exchange)

    def require_there(self, streams: Iterable[Stream] = ()) -> None:
        """Raise InfrastructureError if the server is gone: what broke off then is nobody's finding."""
        unanswered = [
            stream.broken for stream in streams if stream.exchange and stream.exchange.status is None
        ]
        self._answers.require_available(unanswered[0] if unanswered else "")

    def busy(self) -> Busy | None:
        """Return what `/metrics` says; None where it does not."""
        deployment = self.server.deployment
        try:
            return busy_of(deployment.base_url, deployment.api_key)
        except NoAnswer:
            return None

    def footprint(self) -> Footprint | None:
        """Return what the server's processes take, where its provider can see them and they are ours."""
        deployment = self.server.deployment
        return provider_of(deployment.target).footprint(deployment.base_url) if deployment.managed else None

    def say(self, what: str) -> None:
        """Write a line of progress."""
        self.server.request.progress.line("load", what)
