from tests.harness.core.records.cut import NamedTokens
from tests.harness.core.records.exchange import Exchange, ExchangeKey
from tests.selftest.faulty_servers.correct import USAGE

TOKENS = NamedTokens(count=USAGE["completion_tokens"], text="", cut=(1, 2))
SAME_CUT = Exchange(ExchangeKey("c", "stream", "every-2", 0, "0"), "POST", "/", b"{}", 0.0, 500, (), (), 0.0)
DEFECT = "The same text in the same deltas comes to a call once, and to an error another time."
FINDINGS = {"stream": {"same-cut/other-result"}, "whole": {"same-cut/other-result"}}
