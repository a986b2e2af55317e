"""One file for each way of writing calls that parsers of vLLM read."""
