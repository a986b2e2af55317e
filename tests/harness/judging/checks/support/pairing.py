"""Which call that came stands for which expected call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.harness.core.canonical_json import canonical_json
from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.reply import ToolCall
from tests.harness.judging.checks.support.json_text import parse_object
from tests.harness.judging.checks.support.values import is_right


@dataclass(frozen=True)
class Pair:
    """A call that came and the expected call it stands for, with the latter's position."""

    call: ToolCall
    expected: ExpectedCall
    position: int


@dataclass(frozen=True)
class Pairing:
    """Every call and every expected call in exactly one place."""

    named: tuple[Pair, ...]
    """Same name, in the order in which the calls came."""
    misnamed: tuple[Pair, ...]
    """What is left over on both sides, paired in order: right place, other tool."""
    extra: tuple[ToolCall, ...]
    missing: tuple[ExpectedCall, ...]

    @property
    def in_order(self) -> bool:
        """Return whether the calls came in the expected order."""
        positions = [pair.position for pair in self.named]
        return positions == sorted(positions)


def is_right_call(call: ToolCall, expected: ExpectedCall, wording: Mapping[str, str]) -> bool:
    """Return whether a call has the expected name and arguments, or equally right ones."""
    if expected.verbatim is not None:
        return call.name == expected.name and is_same_text(call.arguments, expected.verbatim)
    arguments = parse_object(call.arguments)
    return (
        call.name == expected.name
        and arguments is not None
        and is_right(expected.arguments, arguments, wording)
    )


def is_same_text(came: str, wanted: str) -> bool:
    """Return whether two argument texts are the same: as JSON in whatever spelling, else letter by letter."""
    if came == wanted:
        return True
    spelled = canonical_json(wanted)
    return came.strip() == wanted.strip() if spelled is None else canonical_json(came) == spelled


def pair_calls(
    calls: Sequence[ToolCall], expected: Sequence[ExpectedCall], wording: Mapping[str, str]
) -> Pairing:
    """Pair the best matches first: right call in its place, right call elsewhere, same name."""
    pairs: dict[int, int] = {}

    def take(fits: Callable[[int, int], bool]) -> None:
        for at in range(len(calls)):
            free = (to for to in range(len(expected)) if to not in pairs.values() and fits(at, to))
            if at not in pairs and (to := next(free, None)) is not None:
                pairs[at] = to

    take(lambda at, to: at == to and is_right_call(calls[at], expected[to], wording))
    take(lambda at, to: is_right_call(calls[at], expected[to], wording))
    take(lambda at, to: calls[at].name == expected[to].name)
    left = [at for at in range(len(calls)) if at not in pairs]
    open_ = [to for to in range(len(expected)) if to not in pairs.values()]
    misnamed = list(zip(left, open_, strict=False))
    return Pairing(
        named=tuple(Pair(calls[at], expected[to], to) for at, to in sorted(pairs.items())),
        misnamed=tuple(Pair(calls[at], expected[to], to) for at, to in misnamed),
        extra=tuple(calls[at] for at in left[len(misnamed) :]),
        missing=tuple(expected[to] for to in open_[len(misnamed) :]),
    )
