"""The ways in which the suite itself cannot go on; none is ever a finding about a server."""


class UsageProblem(Exception):
    """The user's input is wrong: option, target, profile, case or ledger file. Exit status 4."""


class InfrastructureError(Exception):
    """A server never came up, died or cannot be reached. Exit status 10, whatever else happened."""


class NotRecorded(Exception):
    """A replay asks something that was not recorded: listed, neither passed nor failed."""
