"""Judges a recording again, in a process of its own: `python -m tests.bench.judge_again EXCHANGES VERSION`.

Every attempt in the file is judged. Prints JSON: exchanges judged, seconds of the processor, and the most memory in MB.
"""

import json
import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.harness.cases.load import load_cases
from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.case import MODES
from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.exchange import Exchange
from tests.harness.judging.judge import Judge
from tests.harness.recording.token_texts import RecordedTexts
from tests.harness.runfolder.archive import Archive
from tests.harness.runfolder.exchange_file import load_at
from tests.harness.session.ledger import read_ledger
from tests.harness.suites.forced import ForcedSuite


class Recorded:
    """What was recorded, in place of a server."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self.tokens = SimpleNamespace(of=lambda _: ())  # what was asked is on record
        self.token_texts = RecordedTexts(Archive(path.parent).token_texts)
        self.offsets: dict[tuple[str, str, str, int], int] = {}
        offset = 0
        with path.open("rb") as file:
            for line in file:
                key = json.loads(line)["key"]
                self.offsets[key["case"], key["mode"], key["split"], key["attempt"]] = offset
                offset += len(line)
        self.server = SimpleNamespace(
            recorded=False,
            deployment=SimpleNamespace(
                base_url="http://127.0.0.1:9", api_key=None, model="m", vllm_version=version, label="recorded",
                scripted=False,
                profile=load_profile("fixture"),
            )
        )  # fmt: skip

    def record(self, key: str, mode: str, split: str, _: dict[str, Any], attempt: int = 0) -> Exchange:
        place = key, mode, split, attempt
        if place not in self.offsets:
            raise NotRecorded(f"{place} is not in {self.path}")
        return load_at(self.path, self.offsets[place])


def judge(recorded: Any, version: str) -> tuple[int, int]:
    """How many answers were judged, all attempts counted, and the number of findings."""
    judge_of_release = Judge(read_ledger(), version)
    forced_suite = ForcedSuite(recorded, judge_of_release, "default")
    attempts = 1 + max(attempt for *_, attempt in recorded.offsets)
    answers = found = 0
    for case in load_cases():
        if case.text and case.depth == "default":
            for mode in MODES:
                for split in forced_suite.plan(case, mode).splits:
                    for attempt in range(attempts):
                        if (case.id, mode, split.name, attempt) not in recorded.offsets:
                            continue  # a run asks a part of them
                        try:
                            context = forced_suite._context(case, mode, split, None, attempt)
                        except NotRecorded:
                            continue  # a failed answer whose echo was not asked for
                        answers += 1
                        found += len(judge_of_release.judge(context).findings)
    return answers, found


def main(path: Path, version: str) -> None:
    began = time.process_time()
    recorded = Recorded(path, version)
    answers, found = judge(recorded, version)
    seconds = time.process_time() - began
    assert found
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"exchanges": answers, "seconds": seconds, "memory_mb": memory}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
