"""Whether two runs gave the same answers to the forced texts: `python -m tests.bench.same_answers RUN RUN`.

Of a wheel under the scripted engine and the CPU build of the same release: what differs is the engine's doing, or a
split that the two cut otherwise. Compared are the answers by single characters, streamed, and those that are not
streamed. Ends 1 if one differs.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.harness.cases.load import load_cases
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.core.records.split import CHAR, NATURAL
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.result_hash import result_hash
from tests.harness.runfolder.archive import Archive

_COMPARED = {("stream", CHAR.name), ("whole", NATURAL.name), ("whole", CHAR.name)}
Key = tuple[str, str, str]


def forced(folder: Path, texts: set[str]) -> Iterator[tuple[Key, Exchange]]:
    """Yield the last attempt of each forced text, by case, mode and split."""
    archive = Archive(folder)
    last: dict[Key, ExchangeKey] = {}
    for key in archive.places:
        place = (key.case, key.mode, key.split)
        if (
            key.case in texts
            and place[1:] in _COMPARED
            and key.attempt >= getattr(last.get(place), "attempt", 0)
        ):
            last[place] = key
    for place, key in last.items():
        exchange = archive.find(key)
        assert exchange is not None
        yield place, exchange


def shown(exchange: Exchange) -> str:
    """What came, in a line: status, texts, calls, and the error if the stream died of one."""
    reply = read_reply(exchange, streamed=exchange.key.mode == "stream")
    calls = [[call.name, call.arguments] for choice in reply.choices for call in choice.tool_calls]
    texts = [[choice.content, choice.finish_reason] for choice in reply.choices]
    error = [reply.error.get("message")] if reply.error else []
    return json.dumps([exchange.status, texts, calls, *error], ensure_ascii=False)


def main(first: Path, second: Path) -> int:
    texts = {case.id for case in load_cases() if case.text is not None}
    before, after = dict(forced(first, texts)), dict(forced(second, texts))
    both = sorted(before.keys() & after.keys())
    hashes = {
        key: [
            result_hash(one[key], read_reply(one[key], streamed=key[1] == "stream"))
            for one in (before, after)
        ]
        for key in both
    }
    differing = [key for key in both if hashes[key][0] != hashes[key][1]]
    for key in differing:
        print("  ".join(key), f"\n  {shown(before[key])}\n  {shown(after[key])}")
    alone = len(before.keys() ^ after.keys())
    print(
        f"{len(both)} answers on both sides, {len(both) - len(differing)} the same, {alone} on one side only"
    )
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
