"""The pytest session: what to run on which target, what came of it, and the end."""
