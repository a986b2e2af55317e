"""The suite's machinery: plugin -> rooms -> records, one way."""
