"""A vLLM platform that needs no GPU: it replaces the worker, and what is said comes from a script instead of a model.

vLLM finds it through `PYTHONPATH` alone (entry point `vllm.platform_plugins`), so nothing is installed into its
environment. All that a client can see stays vLLM's own: API server, chat template, tokenizer, scheduler, structured
outputs, detokenizer, tool parser.
"""


def register() -> str:
    """Return the qualified name of the platform, as vLLM asks of a plugin."""
    return "scripted_engine.platform.ScriptedPlatform"
