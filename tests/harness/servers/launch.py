"""From a launch order to a deployment that answers, and back to nothing."""

import re
import time
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.harness.core.http.ask import NoAnswer, ask
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Header
from tests.harness.core.records.target import Target
from tests.harness.servers.preflight import ServerFacts, identify
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.readiness import POLL_S, await_ready, failure_report
from tests.harness.servers.reused import ReusedServer, find_kept, key_file, remember
from tests.harness.servers.target_strings import known_providers

ANY_MODEL = "*"
_DEATH_IS_NOTICED_S = 1.0
_ANSWER_S = 5.0


@dataclass
class Server:
    """A deployment together with the server behind it."""

    deployment: Deployment
    server: ServerHandle
    order: LaunchRequest
    ready_after_s: float
    """Seconds from the launch to the first healthy answer; 0 for a server that was up."""
    healthy_at: float
    """When that answer came, in seconds since the epoch."""

    @property
    def recorded(self) -> bool:
        """Whether there is no server, but the recording of one."""
        return self.order.recorded is not None

    def require_alive(self) -> None:
        """Raise InfrastructureError, with the end of the log, if the server has ended."""
        if ended := self.server.exited():
            raise InfrastructureError(
                failure_report(
                    f"the server died in the middle of the run: {ended}", self.server.command, self.order.log
                )
            )

    def require_alive_soon(self) -> None:
        """As `require_alive`, for a server that has just broken off: its end is noticed within a second."""
        deadline = time.monotonic() + _DEATH_IS_NOTICED_S
        while time.monotonic() < deadline:
            self.require_alive()
            time.sleep(POLL_S)

    def answers(self) -> bool:
        """Whether the server still answers at all, whatever it says."""
        try:
            ask(self.server.base_url, "/health", _ANSWER_S)
        except NoAnswer:
            return False
        return True

    def relaunch(self, deadline_s: float) -> None:
        """Bring a server up again that a request has killed. Raises InfrastructureError, also where it is not ours."""
        if not self.deployment.managed:
            raise InfrastructureError(f"{self.server.base_url} has ended, and it is not ours to start again")
        self.server.stop()
        self.order.progress.line(
            "again", "the server died of a request that may kill one: it is launched once more"
        )
        again = launch(self.order, deadline_s)
        self.deployment, self.server = again.deployment, again.server

    def shut_down(self, keep: bool) -> None:
        """Stop the server, or leave it and say how to stop it."""
        if keep and self.server.managed:
            self.server.keep()
            remember(self.order, self.server)
            said = f"{self.server.base_url}   key in {key_file(self.order)}   stop it: {self.server.stop_command}"
            self.order.progress.line("kept", said)
        else:
            self.server.stop()


def launch(order: LaunchRequest, deadline_s: float) -> Server:
    """Launch or find the server, wait until it is ready, ask what it is. Raises InfrastructureError; leaves nothing."""
    kept = find_kept(order)
    if kept:
        order.progress.line("kept", f"{kept.base_url} is still up   stop it: {kept.stop_command}")
    server: ServerHandle = kept or known_providers()[order.target.kind].launch(order)
    try:
        took = await_ready(server, order, deadline_s) if server.managed else 0.0
        healthy_at = time.time()
        wanted = order.target.model or (None if order.profile.model == ANY_MODEL else order.profile.model)
        facts = (
            _recorded_facts(order.recorded)
            if order.recorded
            else identify(server, wanted, order.answer_timeout_s)
        )
    except BaseException:
        server.stop()
        raise
    deployment = Deployment(
        label=order.label or label_of(order.target, order.profile),
        target=order.target,
        profile=order.profile,
        base_url=server.base_url,
        model=facts.model,
        vllm_version=facts.vllm_version,
        managed=server.managed or isinstance(server, ReusedServer),
        api_key=server.api_key,
        log=order.log if server.managed else None,
        command=server.command,
    )
    address = "a recording" if order.recorded else server.base_url.removeprefix("http://")
    order.progress.line(
        "ready", f"{took:.0f} s   vLLM {facts.vllm_version} at {address}   model {facts.model}"
    )
    return Server(deployment, server, order, took, healthy_at)


def _recorded_facts(header: Header) -> ServerFacts:
    return ServerFacts(header.model, header.vllm_version)


def label_of(target: Target, profile: Profile) -> str:
    """`process-0.32.0`, with what differs from the default appended."""
    value = PurePosixPath(target.value).name if target.kind == "replay" else target.value
    words = [target.kind, value.removeprefix("http://").removeprefix("https://")]
    words += [profile.id] if target.profile else []
    words += list(target.args)
    return re.sub(r"[^\w.]+", "-", "-".join(words)).strip("-").lower()[:80]
