from tests.harness.core.records.cut import NamedTokens

TOKENS = NamedTokens(count=5, text=None, cut=None)
DEFECT = "The tokens that the frames name are those of another answer."
FINDINGS = {
    "stream": {"token-ids/count", "token-ids/other-text"},
    "whole": {"token-ids/count", "token-ids/other-text"},
}
