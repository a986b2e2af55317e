"""Whether an answer was cut before its end."""

from tests.harness.records.subject import Subject


def is_cut(subject: Subject) -> bool:
    """The case is cut on purpose, or the answer says that it ran into a limit."""
    choice = subject.reply.choice
    case = subject.case
    meant = case.ends_early or case.terms.ends == ("length",)
    return meant or bool(choice and "length" in choice.finish_reasons)
