"""Servers that do what no server should: each is a few lines in `behaviours`, and all are survived."""
