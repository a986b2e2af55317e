"""The ways to get a server, one module each; found by themselves."""
