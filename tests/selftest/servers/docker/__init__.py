"""The container target against a real Docker engine; a stand-in takes vLLM's place: the launcher is tested."""
