"""The xlam parser with one thing broken: not streamed, the last of several calls is lost.

`--target 'process:0.32.0[arg=--tool-parser-plugin=@tests/selftest/plugins/loses_the_last_call.py,
arg=--tool-call-parser=xlam_loses]'`.
"""

from typing import Any

from vllm.tool_parsers.abstract_tool_parser import ToolParserManager
from vllm.tool_parsers.xlam_tool_parser import xLAMToolParser


@ToolParserManager.register_module("xlam_loses")
class LosesTheLastCall(xLAMToolParser):
    def extract_tool_calls(self, model_output: str, request: Any) -> Any:
        found = super().extract_tool_calls(model_output, request)
        if len(found.tool_calls) > 1:
            found.tool_calls.pop()
        return found
