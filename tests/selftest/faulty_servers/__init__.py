"""Servers with one defect each, named after it.

A module holds `DEFECT`, one or more changes of the correct server's answer (`answer`, `chunks`, `whole`,
`wire`), and `FINDINGS`, everything that the checks say about it. It may hold `CASE`, `ROUND`, `PROFILE`,
`REQUEST`, `RUN_CALLS`, `USED` and `case` where the defect shows only there; `scripts.py` says what they mean.
"""
