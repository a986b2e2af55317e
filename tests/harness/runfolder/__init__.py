"""The run folder: what became of a session against one deployment, what was recorded, and what it was judged by."""
