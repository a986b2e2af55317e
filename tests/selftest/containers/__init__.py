"""The container target against a real Docker engine; a stand-in takes vLLM's place, as it is the launcher that is tested."""
