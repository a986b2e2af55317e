"""Whether Docker can hand out a GPU: asked of the daemon itself."""


def gpu_refusal() -> str | None:
    """Why there is no GPU to be had through Docker, in a few words; None if there is one."""
    return "Docker has no GPU to give"
