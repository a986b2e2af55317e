"""The xlam parser with one thing broken: not streamed, an answer without a call raises, and the server says 500.

`--target 'wheel:0.33.0[arg=--tool-parser-plugin=@tests/selftest/plugins/raises_on_plain_answers.py,
arg=--tool-call-parser=xlam_raises]'`.
"""

from typing import Any

from vllm.tool_parsers.abstract_tool_parser import ToolParserManager
from vllm.tool_parsers.xlam_tool_parser import xLAMToolParser


@ToolParserManager.register_module("xlam_raises")
class RaisesOnPlainAnswers(xLAMToolParser):
    def extract_tool_calls(self, model_output: str, request: Any) -> Any:
        found = super().extract_tool_calls(model_output, request)
        if not found.tools_called:
            raise RuntimeError("an answer without a call")
        return found
