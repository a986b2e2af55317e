"""Patched xlam parsers for a server under test: vLLM loads them by `--tool-parser-plugin`, this suite never does."""
