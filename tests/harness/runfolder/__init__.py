"""The run file: what became of a session against one deployment, a line at a time."""
