"""Requests that a server has to refuse: read, sent, judged.

Stands above the rooms, as the examiner does: it asks by `bounded`, and judges by its own two rules.
"""
