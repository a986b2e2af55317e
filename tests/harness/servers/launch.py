"""From a launch request to a server that answers, and back to nothing."""

import re
import time
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tests.harness.core.http.ask import NoAnswer, ask
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.target import Target
from tests.harness.servers.abilities import Abilities, abilities_of
from tests.harness.servers.addresses import listed_addresses, not_judged
from tests.harness.servers.preflight import ServerFacts, identify
from tests.harness.servers.provider import LaunchRequest, ServerHandle
from tests.harness.servers.readiness import POLL_S, await_ready, failure_report, is_failing
from tests.harness.servers.registry import is_managed, provider_of
from tests.harness.servers.reused import find_reused, key_file, remember

ANY_MODEL = "*"
_DEATH_IS_NOTICED_S = 1.0
_ANSWER_S = 5.0


@dataclass
class Server:
    """A running server: what is known of it, and the hand on it."""

    deployment: Deployment
    handle: ServerHandle
    request: LaunchRequest
    ready_after_s: float
    """Seconds from the launch to the first healthy answer; 0 for a server that was up."""
    first_failure: str = ""
    """What it answered to the first question with tools, where it failed at it; empty: it did not."""
    not_judged: tuple[str, ...] = ()
    """Addresses that it lists and the suite does not know."""
    addresses: frozenset[str] | None = None
    """All that it lists; None: it does not say, so each is asked. A recording has none left to ask."""

    @property
    def recorded(self) -> bool:
        """Return whether there is no server, but the recording of one."""
        return self.request.recorded is not None

    def require_alive(self) -> None:
        """Raise InfrastructureError, with the end of the log, if the server has ended."""
        if ended := self.handle.exited():
            what = f"the server died in the middle of the run: {ended}"
            raise InfrastructureError(failure_report(what, self.handle.command, self.request.log))

    def require_alive_soon(self) -> None:
        """Raise InfrastructureError if a server that has just broken off ends within a second."""
        _end_of(self.handle)
        self.require_alive()

    def answers(self) -> bool:
        """Return whether the server still answers at all, whatever it says."""
        try:
            ask(self.handle.base_url, "/health", _ANSWER_S)
        except NoAnswer:
            return False
        return True

    def relaunch(self, deadline_s: float) -> None:
        """Launch a server again that a request has killed, at its old address and with its old key.

        Recorders and clients hold both. Raises InfrastructureError, also where the server is not ours.
        """
        if not self.deployment.managed:
            raise InfrastructureError(f"{self.handle.base_url} has ended, and it is not ours to start again")
        self.handle.stop()
        self.request.progress.line(
            "again", "the server died of a request that may kill one: it is launched once more"
        )
        key = self.handle.api_key or self.request.api_key
        self.request = replace(self.request, port=urlsplit(self.handle.base_url).port, api_key=key)
        again = launch(self.request, deadline_s)
        self.deployment, self.handle = again.deployment, again.handle

    def shut_down(self, keep: bool) -> None:
        """Stop the server, or leave it and say how to stop it."""
        if keep and self.deployment.managed:
            self.handle.keep()
            remember(self.request, self.handle)
            how = f"key in {key_file(self.request)}   stop it: {self.handle.stop_command}"
            self.request.progress.line("kept", f"{self.handle.base_url}   {how}")
        else:
            self.handle.stop()


def launch(request: LaunchRequest, deadline_s: float) -> Server:
    """Launch or find the server, wait until it is ready, ask what it is. Raises InfrastructureError; leaves nothing."""
    managed = is_managed(request.target)
    reused = find_reused(request)
    if reused:
        request.progress.line("kept", f"{reused.base_url} is still up   stop it: {reused.stop_command}")
    handle: ServerHandle = reused or provider_of(request.target).launch(request)
    is_new = managed and not reused
    try:
        ready_after_s = await_ready(handle, request, deadline_s) if is_new else 0.0
        facts = _facts_of(handle, request)
        abilities = _abilities_of(handle, request, facts)
    except BaseException:
        handle.stop()
        raise
    deployment = Deployment(
        label=request.label or label_of(request.target, request.profile),
        target=request.target,
        profile=abilities.profile(request.profile) if abilities else request.profile,
        base_url=handle.base_url,
        model=facts.model,
        vllm_version=facts.vllm_version,
        managed=managed,
        scripted=_is_scripted(request, abilities),
        found=abilities.shown if abilities else "",
        api_key=handle.api_key,
        log=request.log if is_new else None,
        command=handle.command,
    )
    address = "a recording" if request.recorded else handle.base_url.removeprefix("http://")
    request.progress.line(
        "ready", f"{ready_after_s:.0f} s   vLLM {facts.vllm_version} at {address}   model {facts.model}"
    )
    if abilities and not request.recorded:
        request.progress.line("found", abilities.shown)
    if request.recorded:
        listed: frozenset[str] | None = frozenset()
        unknown = request.recorded.not_judged
    else:
        listed = listed_addresses(handle.base_url, handle.api_key, request.answer_timeout_s)
        unknown = not_judged(listed)
        if unknown:
            request.progress.line("new", f"not judged: {', '.join(unknown)}")
    return Server(deployment, handle, request, ready_after_s, facts.first_failure, unknown, listed)


def _abilities_of(handle: ServerHandle, request: LaunchRequest, facts: ServerFacts) -> Abilities | None:
    """Return what a borrowed server can do; None where its profile says it, or there is nobody to ask."""
    if request.recorded:
        return Abilities.of_shown(request.recorded.found) if request.recorded.found else None
    if not provider_of(request.target).BORROWS or request.target.profile:
        return None
    return abilities_of(handle, facts.model, facts.vllm_version, request.answer_timeout_s)


def _is_scripted(request: LaunchRequest, abilities: Abilities | None) -> bool:
    if request.recorded:
        return request.recorded.scripted
    if abilities:
        return abilities.scripted
    return provider_of(request.target).is_scripted(request.target)


def _facts_of(handle: ServerHandle, request: LaunchRequest) -> ServerFacts:
    """Return what a server says about itself, or what its recording says."""
    if request.recorded:
        return ServerFacts(request.recorded.model, request.recorded.vllm_version)
    managed = is_managed(request.target)
    named = None if managed else request.target.model
    expected = None if request.profile.model == ANY_MODEL else request.profile.model
    facts = identify(
        handle, named or expected, request.profile.parser, request.answer_timeout_s, managed=managed
    )
    if facts.first_failure:
        _require_up(handle, request, facts.first_failure)
        request.progress.line(
            "broken", f"the first question with tools is answered with {facts.first_failure}"
        )
    return facts


def _require_up(handle: ServerHandle, request: LaunchRequest, failure: str) -> None:
    """Raise InfrastructureError if a server that has failed at a question is ending: then it cannot be asked."""
    what = f"the first question with tools was answered with {failure}, and then"
    ended = _end_of(handle)
    if ended or is_failing(handle.base_url, _ANSWER_S):
        then = f"the server ended: {ended}" if ended else "/health failed too"
        raise InfrastructureError(failure_report(f"{what} {then}", handle.command, request.log))


def _end_of(handle: ServerHandle) -> str | None:
    """Return how a server ends within a second, or None."""
    deadline = time.monotonic() + _DEATH_IS_NOTICED_S
    while time.monotonic() < deadline:
        if ended := handle.exited():
            return ended
        time.sleep(POLL_S)
    return None


def label_of(target: Target, profile: Profile) -> str:
    """Return `process-0.32.0`, with what differs from the default appended."""
    words = [target.provider, provider_of(target).place(target)]
    words += [profile.id] if target.profile else []
    words += [target.parser] if target.parser else []
    words += [f"gpu-{target.gpu}"] if target.gpu else []
    words += [*target.args, *target.env]
    return re.sub(r"[^\w.]+", "-", "-".join(words)).strip("-").lower()[:80]
