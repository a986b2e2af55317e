"""The ways in which programs ask a server: other clients, other addresses. A scenario has to end alike in all of them.

Stands above the rooms, as the examiner does: it records by `exchange`, and judges by its own few rules.
"""
