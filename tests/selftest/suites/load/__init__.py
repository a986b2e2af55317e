"""The load room against a server that is busy, rightly or wrongly."""
