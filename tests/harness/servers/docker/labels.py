"""How the suite's containers are known: everyone's by one label, each launch's by another."""

OURS = "xlam-gate"
SESSION = "xlam-gate.session"


def labels_of(session: str) -> dict[str, str]:
    """The labels of whatever a launch makes in a Docker engine."""
    return {OURS: "1", SESSION: session}


def session_label(session: str) -> str:
    """The one that tells a launch from all others, as Docker's filters take it."""
    return f"{SESSION}={session}"
