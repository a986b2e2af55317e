"""A response that was stored is there under its id, as it was given."""

from collections.abc import Iterator
from typing import Any

from tests.harness.core.http.ask import OK
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.finding import Finding
from tests.harness.core.strict_json import strict_json
from tests.harness.judging.check import Check

_SAME = ("id", "status", "output")


def judge_stored(given: dict[str, Any], fetched: Exchange) -> Iterator[Finding]:
    """Judge what is fetched by the id of a response by what was given."""
    shown = f"status {fetched.status}: {fetched.body[:300].decode('utf-8', 'replace')}"
    if fetched.status != OK or fetched.error:
        yield CHECK.as_described("not-there", "status 200", fetched.error or shown)
        return
    try:
        stored: Any = strict_json(fetched.body.decode())
        other = [name for name in _SAME if stored[name] != given[name]]
    except (ValueError, LookupError, TypeError):
        yield CHECK.as_described("differs", "the response that was given", shown)
        return
    for name in other:
        yield CHECK.as_described("differs", f"{name}: {given[name]}", f"{name}: {stored[name]}")


CHECK = Check(
    "stored-responses",
    {
        "not-there": "A response that was to be stored is not found by its id.",
        "differs": "A stored response is another one than that which was given.",
    },
    "https://platform.openai.com/docs/api-reference/responses/get",
    harm={"not-there": "outage", "differs": "wrong-call"},
)
