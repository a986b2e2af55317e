"""Every case is asked: a file of a topic that no live test names would lie there unseen."""

import re
from fnmatch import fnmatchcase

from tests.harness.cases.load import load_cases
from tests.selftest.fork_server import ROOT


def asked() -> set[str]:
    """The patterns of all `topic` marks of the live tests."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests" / "live").glob("test_*.py")]
    marks = [words for text in texts for words in re.findall(r"@pytest\.mark\.topic\(([^)]*)\)", text)]
    return {pattern for words in marks for pattern in re.findall(r'"([^"]+)"', words)}


def unasked(topics: set[str]) -> set[str]:
    return {topic for topic in topics if not any(fnmatchcase(topic, pattern) for pattern in asked())}


def test_each_topic_is_asked() -> None:
    assert unasked({case.topic for case in load_cases()}) == set()


def test_one_that_is_not_would_be_noticed() -> None:
    assert unasked({"weather", "history", "forced-more"}) == {"weather"}
