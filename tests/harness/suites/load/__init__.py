"""Many requests at a time, clients that leave, long answers, slow readers: what a server does then.

Asks and measures; what is right is in `judging/checks/load/`.
"""
