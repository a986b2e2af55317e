"""What may stay after a run: environments, and notes about servers that the user kept."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """`$XLAM_GATE_CACHE`, else the user's cache folder; made if it is not there."""
    chosen = os.environ.get("XLAM_GATE_CACHE")
    folder = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("xlam-gate"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def cache_entries(folder: Path) -> Iterator[tuple[Path, int]]:
    """Everything in the cache with its size in bytes; hard-linked files count in full."""
    for entry in sorted(folder.glob("*/*")):
        files = [entry] if entry.is_file() else [path for path in entry.rglob("*") if path.is_file()]
        yield entry, sum(path.lstat().st_size for path in files)


def clear_cache(folder: Path) -> None:
    """Remove what the cache holds, the folder itself stays."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
