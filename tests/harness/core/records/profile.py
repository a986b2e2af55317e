"""What a deployment serves and promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.harness.core.records.call_syntax import CallSyntax


@dataclass(frozen=True)
class Profile:
    """A file of `tests/profiles/`: the model, its flags, and what a deployment of it promises."""

    id: str
    model: str
    parser: str
    """Of a borrowed server: empty until somebody says which one runs there."""
    why: str
    revision: str | None = None
    model_folder: Path | None = None
    """The model's files where the suite brings them itself; None: the server fetches `model`."""
    chat_template: Path | None = None
    image_chat_template: str | None = None
    """Path of the chat template inside the official images."""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shm_size: str = "2g"
    launch: str = "inspect"
    """How the container's ENTRYPOINT takes the model: `inspect`, `positional` or `option`."""
    forcing: bool = True
    splits: tuple[str, ...] = ("natural",)
    stream_interval: int | None = None
    """Tokens a delta for all that the server streams; for releases that take none in a request."""
    concurrency: int | None = None
    """Most requests at a time that the server stands; None: as many as the user asks for."""
    stable: bool = False
    """The model's natural answers are the same in each run, so no repeats are needed to compare."""
    wording: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Expected word -> regular expression that an equally right word matches."""
    license: str = ""
    stores_responses: bool = False
    """The server keeps responses, so that a request can go on with one by its id."""
    syntax: CallSyntax = field(default_factory=CallSyntax)
    """Of the dialect in which its model writes calls."""
    same_as: str = ""
    """Profile whose answers it has to give: this one sets only what must change nothing; empty: one of its own."""

    @property
    def dialect(self) -> str:
        """Return the name of the dialect in which its model writes calls."""
        return self.syntax.dialect

    @property
    def forcing_refusal(self) -> str:
        """Return why no text can be forced here; empty if one can."""
        return "" if self.forcing else f"the profile {self.id} does not promise forced output"
