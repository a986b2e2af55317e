"""Texts that are generated rather than written down, and the smallest of them that still fails."""
