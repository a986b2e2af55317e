"""The xlam parser with one thing mended: the end of a stream sends only what was not sent before.

`--target 'process:0.32.0[arg=--tool-parser-plugin=@tests/selftest/plugins/sends_arguments_once.py,
arg=--tool-call-parser=xlam_once]'`. For vLLM 0.23 on, where the serving code asks the parser what is left to send.
"""

from vllm.tool_parsers.abstract_tool_parser import ToolParserManager
from vllm.tool_parsers.xlam_tool_parser import xLAMToolParser


@ToolParserManager.register_module("xlam_once")
class SendsArgumentsOnce(xLAMToolParser):
    def get_remaining_unstreamed_args(self) -> str:
        # The xlam parser counts what it sent here, and the serving code looks there.
        self.streamed_args_for_tool = self.streamed_args
        return super().get_remaining_unstreamed_args()
