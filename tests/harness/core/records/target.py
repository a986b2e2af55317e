"""Where a server comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One `--target` string, taken apart: `provider:value[profile=ID,arg=FLAG,...]`."""

    text: str
    provider: str
    """Name of the provider that gets the server (`auto`: not chosen yet)."""
    value: str
    profile: str | None = None
    args: tuple[str, ...] = ()
    model: str | None = None
    """Which of several models of a borrowed server is meant; of a server without a GPU that is launched, the folder of
    its profile's model."""
    parser: str | None = None
    """The tool-call parser that a borrowed server runs, as the user says; None: the profile's is assumed."""
    env: tuple[str, ...] = ()
    """Environment variables (`NAME=VALUE`) of a server that the suite launches."""
    gpu: str | None = None
    """`none`: an image that wants a GPU is served without one; None: as the image says."""

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment variables by name."""
        return dict(variable.split("=", 1) for variable in self.env)
