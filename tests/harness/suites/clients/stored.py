"""Responses that the server keeps: fetched by their id, and gone on with."""

from tests.harness.cases.requests import expected_calls
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.observation import Observation
from tests.harness.judging.checks.clients import client_view
from tests.harness.judging.checks.clients.stored_responses import judge_stored
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import responses
from tests.harness.suites.clients.recording_client import RecordingClient, view_of
from tests.harness.suites.clients.suite import ClientSuite

ENDPOINT = "responses"


class StoredResponses:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore, client_suite: ClientSuite) -> None:
        """Take a deployment's answers, and who knows its addresses."""
        self.server = answer_store.server
        self._clients = client_suite
        self._line = RecordingClient(answer_store)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def skip_reason(self) -> str:
        """Return why nothing can be asked of stored responses; empty if it can."""
        profile = self.server.deployment.profile
        kept = "" if profile.stores_responses else f"the profile {profile.id} stores no responses"
        return self._clients.skip_reason(ENDPOINT) or kept

    def observe(self, case: Case, mode: Mode) -> Observation:
        """Go through both rounds: the second names the first by its id in place of repeating it."""
        model, name, stream = self.server.deployment.model, f"{case.id}/stored", mode == "stream"
        body = {**responses.query(case, model, stream=stream), "store": True}
        first = self._line.asked(ENDPOINT, f"{name}-query", body)
        view = view_of(first)

        profile = self.server.deployment.profile
        sight = self._line.sight(
            first,
            lambda: self._line.judged(
                ENDPOINT, first, lambda raw: client_view.judge_result(raw, case, profile)
            ),
        )
        results = [run.result or "" for run in run_calls(expected_calls(case))]
        given = self._line.readable_object(ENDPOINT, first.exchange)
        if given is None or "id" not in given or len(responses.calls_in(view.turn)) != len(results):
            return sight  # there is nothing to go on with
        fetched = self._line.fetched(f"{responses.PATH}/{given['id']}", f"{name}-fetched")
        if found := list(judge_stored(given, fetched.exchange)):
            return self._line.noted(fetched, found)
        # Of the right calls: that those of round one arrive damaged is told where they are asked for their own sake.
        outputs = responses.outputs_of(view.turn, results)
        follow_up = {**body, "previous_response_id": given["id"], "input": outputs}
        second = self._line.asked(ENDPOINT, name, follow_up)
        return self._line.sight(
            second,
            lambda: self._line.judged(ENDPOINT, second, lambda raw: client_view.judge_mentions(raw, case)),
        )
