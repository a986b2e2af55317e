"""Data files become records: cases, profiles, requests, tags."""
