"""Hypothesis as a source of values and as a shrinker, with nothing left behind and nothing depending on the host."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import Phase, Verbosity, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


class _Broken(BaseException):
    """Carries an exception past Hypothesis, which takes every `Exception` for a failure to be made smaller."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def draw(strategy: SearchStrategy[T], count: int, seed: int) -> list[T]:
    """Return `count` values of a strategy; the same for the same seed."""
    values: list[T] = []

    def collect(value: T) -> bool:
        values.append(value)
        return False

    _find(strategy, collect, count, seed)
    return values


def smallest(strategy: SearchStrategy[T], count: int, seed: int, holds: Callable[[T], bool]) -> T | None:
    """Return the first of `draw`'s values for which `holds`, made as small as can be; None: it holds for none.

    An exception of `holds` ends the search at once.
    """

    def guarded(value: T) -> bool:
        try:
            return holds(value)
        except Exception as error:
            raise _Broken(error) from error

    try:
        return _find(strategy, guarded, count, seed)
    except _Broken as broken:
        raise broken.error from None


def _find(strategy: SearchStrategy[T], condition: Callable[[T], bool], count: int, seed: int) -> T | None:
    # No deadline: a server answers when it can. No database: each session begins afresh, and leaves no folder.
    rules = settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
    )
    with _home():
        try:
            return find(strategy, condition, settings=rules, random=Random(seed))
        except NoSuchExample:
            return None


@contextmanager
def _home() -> Iterator[None]:
    """Give Hypothesis a folder for its caches that lasts as long as the search."""
    with TemporaryDirectory(prefix="xlam-gate-") as folder:
        set_hypothesis_home_dir(Path(folder))
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
