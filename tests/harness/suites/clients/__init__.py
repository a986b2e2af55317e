"""The ways in which programs ask a server: other clients, other addresses. A scenario has to end alike in all of them.

Asks and records; what is right is in `judging/checks/clients/`.
"""
