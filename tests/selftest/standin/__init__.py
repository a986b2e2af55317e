"""A stand-in for vLLM where launching is tested, never where a parser is judged."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def standin_python(folder: Path, **behaviour: str) -> Path:
    """A program that takes a Python's place in `process:/path/to/python` and finds the stand-in as `vllm`.

    `behaviour` sets the variables that `vllm/entrypoints/openai/api_server.py` names, without their prefix.
    """
    lines = ["#!/bin/sh", f'export PYTHONPATH="{Path(__file__).parent}:{ROOT}"']
    lines += [f"export STANDIN_{name.upper()}='{value}'" for name, value in behaviour.items()]
    script = folder / "python"
    script.write_text("\n".join([*lines, f'exec "{sys.executable}" "$@"', ""]))
    script.chmod(0o755)
    return script
