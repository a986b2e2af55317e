"""The xlam parser with all of it broken: streamed, it raises at the first delta; whole, at the first bracket.

(Not before, so that the first question passes and the tests alone tell of it.)

`--target 'wheel:0.33.0[arg=--tool-parser-plugin=@tests/selftest/plugins/raises_at_once.py,
arg=--tool-call-parser=xlam_raises]'`.
"""

from typing import Any

from vllm.tool_parsers.abstract_tool_parser import ToolParserManager
from vllm.tool_parsers.xlam_tool_parser import xLAMToolParser


@ToolParserManager.register_module("xlam_raises")
class RaisesAtOnce(xLAMToolParser):
    def extract_tool_calls(self, model_output: str, request: Any) -> Any:
        if "[" in model_output:
            raise IndexError("list index out of range")
        return super().extract_tool_calls(model_output, request)

    def extract_tool_calls_streaming(self, *_args: Any, **_options: Any) -> Any:
        raise IndexError("list index out of range")
