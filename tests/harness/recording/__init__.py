"""Sends requests, records raw frames and puts answers together; never judges."""
