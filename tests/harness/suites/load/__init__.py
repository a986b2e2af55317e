"""Many requests at a time, clients that leave, long answers, slow readers: what a server does then.

Stands above the rooms, as the examiner does: it asks by `exchange` and `bounded`, and judges by its own few rules.
"""
