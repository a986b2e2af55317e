"""How a stream was cut: from the tokens that its frames name to offsets in the text."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from tests.harness.core.records.cut import Cut, NamedTokens
from tests.harness.core.records.reply import Reply

Tokens = tuple[int, ...]
TextOf = Callable[[Tokens], str]
_LONGEST_GROUP = 8
"""Tokens that write one piece of text together: a character has four bytes at most, and some write a mark before it."""
_END_TOKENS = 1
"""Tokens behind the text: the one that ends the answer."""


def deltas_of(reply: Reply) -> tuple[Tokens, ...] | None:
    """Return the tokens of each delta of the first choice; None if the answer names none."""
    deltas = tuple(chain.from_iterable(map(_deltas_in, (event.json or {} for event in reply.events))))
    return deltas if any(deltas) else None


def read_tokens(reply: Reply, wanted: str, text_of: TextOf, *, held_back: bool = False) -> NamedTokens | None:
    """Return the tokens that an answer names, read as the forced text `wanted` or a beginning of it.

    None if it names none. `held_back`: the server keeps text back, so that its deltas end elsewhere than its tokens.
    """
    deltas = deltas_of(reply)
    if deltas is None:
        return None
    tokens = tuple(chain.from_iterable(deltas))
    ends = _ends(tokens, wanted, text_of)
    if ends is None:
        return NamedTokens(len(tokens), None, None)
    if not reply.streamed:
        cut: Cut | None = ()
    else:
        cut = None if held_back else tuple(_cut(deltas, ends))
    return NamedTokens(len(tokens), wanted[: ends[-1]], cut)


def shown(cut: Cut) -> str:
    """Return a cut as people read it: where each delta ended."""
    return " ".join(map(str, cut))


def _cut(deltas: Sequence[Tokens], ends: Sequence[int]) -> Iterator[int]:
    written = 0
    for delta in deltas:
        written += len(delta)
        yield ends[written]


def _ends(tokens: Tokens, wanted: str, text_of: TextOf) -> list[int] | None:
    """Return how many characters are written after 0, 1, 2 ... tokens; None if they write something else."""
    ends, at = [0], 0
    group: Tokens = ()
    for number, token in enumerate(tokens):
        if at == len(wanted):
            if len(tokens) - number > _END_TOKENS:
                return None
            ends.append(at)
            continue
        group = (*group, token)
        piece = text_of(group)
        if piece and wanted.startswith(piece, at):
            at, group = at + len(piece), ()
        elif len(group) == _LONGEST_GROUP:
            return None
        ends.append(at)
    # What the last tokens write is no part of the text, and not the end of the answer alone.
    return None if len(group) > _END_TOKENS else ends


def _deltas_in(event: dict[str, object]) -> Iterator[Tokens]:
    choices = event.get("choices")
    for entry in choices if isinstance(choices, list) else []:
        if not isinstance(entry, dict) or entry.get("index", 0) != 0:
            continue
        tokens = entry.get("token_ids")
        if isinstance(tokens, list) and all(type(token) is int for token in tokens):
            yield tuple(tokens)
