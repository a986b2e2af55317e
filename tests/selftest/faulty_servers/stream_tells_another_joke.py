from tests.selftest.faulty_servers.changes import Json
from tests.selftest.faulty_servers.correct import Answer, chunks_of

DEFECT = "Streamed, the text is another one than whole, where no certain text is due."
FINDINGS: dict[str, set[str]] = {"stream": {"parity/content-differs"}, "whole": set()}
CASE = "no-tool-fits"
PROFILE = {"stable": False}


def chunks(_chunks: list[Json]) -> list[Json]:
    return chunks_of(Answer(content="A cat walks into a bar"), with_usage=True)
