"""How a stream was really cut, as its tokens show."""

from dataclasses import dataclass

Cut = tuple[int, ...]
"""How many characters of the text were written when each delta ended, in order.

A text of 5 characters in two deltas, and its end in a third: (2, 5, 5); all of it in one delta: (5,); not streamed, in
none: ().
"""


@dataclass(frozen=True)
class NamedTokens:
    """The tokens that an answer names (`return_token_ids`), and what they write."""

    count: int
    text: str | None
    """What they write, without the token that ends the answer; None: not what was forced, as far as can be read."""
    cut: Cut | None
    """None where it cannot be known: the server held text back, or wrote another one."""
