"""Whether two runs gave the same answers to the forced texts: `python -m tests.bench.same_answers RUN RUN`.

Of a wheel under the scripted engine and the CPU build of the same release. Compared are the answers by single
characters, streamed, and those that are not streamed. Ends 1 if one differs whose deltas hold as many tokens on both
sides: that is the engine's doing. One that was cut otherwise (deltas of a model merge on a busy machine) is shown.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.harness.cases.load import load_cases
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import CHAR, NATURAL
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.named_tokens import deltas_of
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


def lengths(reply: Reply) -> list[int] | None:
    """How many tokens each delta holds; None where the answer names none: then it cannot be said how it was cut."""
    deltas = deltas_of(reply) if reply.streamed else None
    return deltas and [len(delta) for delta in deltas]


def main(first: Path, second: Path) -> int:
    texts = {case.id for case in load_cases() if case.text is not None}
    before, after = dict(forced(first, texts)), dict(forced(second, texts))
    both = sorted(before.keys() & after.keys())
    counts = Counter[str]()
    for key in both:
        one, other = before[key], after[key]
        replies = [read_reply(exchange, streamed=key[1] == "stream") for exchange in (one, other)]
        if result_hash(one, replies[0]) == result_hash(other, replies[1]):
            word = "the same"
        else:
            cuts = [lengths(reply) for reply in replies]
            word = "not the same" if None in cuts or cuts[0] == cuts[1] else "cut otherwise"
            print("  ".join((*key, word)), f"\n  {shown(one)}\n  {shown(other)}")
        counts[word] += 1
    alone = len(before.keys() ^ after.keys())
    said = [f"{len(both)} answers on both sides", *(f"{count} {word}" for word, count in counts.items())]
    print(", ".join([*said, f"{alone} on one side only"]))
    return bool(counts["not the same"])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
