"""Requests that a server has to refuse, and how it is after each.

Asks and records; what is right is in `judging/checks/bad_requests/`.
"""
