"""A plugin for sessions: writes down, in the middle of a test, what the process is that it runs in.

A new process has all of it from its parent or from Python's start, so that one that was forked could differ.
"""

import faulthandler
import gc
import json
import locale
import logging
import os
import random
import re
import resource
import signal
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

FACTS = "XLAM_GATE_SELFTEST_FACTS"
"""Names the file that is written."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    facts = {**_given(), **_of_python(), **_of_pytest(item.config)}
    text = json.dumps({"facts": facts, "random": random.random()}, default=repr)
    Path(os.environ[FACTS]).write_text(re.sub(r" at 0x\w+", "", text), "utf-8")


def _given() -> dict[str, Any]:
    """What a process has from its parent."""
    limits = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {
        "environment": {name: value for name, value in os.environ.items() if name != FACTS},
        "folder": [str(Path.cwd()), tempfile.gettempdir()],
        "signals": {number: str(signal.getsignal(number)) for number in signal.valid_signals()},
        "blocked": [*signal.pthread_sigmask(signal.SIG_BLOCK, [])],
        "group": [os.getpgid(0), os.getsid(0), os.nice(0), os.umask(0o022)],
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in limits},
        "terminal": [os.isatty(number) for number in range(3)],
        "files": sorted(_kind_of(entry) for entry in Path("/proc/self/fd").iterdir()),
        "threads": [len([*Path("/proc/self/task").iterdir()]), threading.active_count()],
    }


def _kind_of(entry: Path) -> str:
    """What an open file is, without the numbers that differ."""
    try:
        return re.sub(r"\d+", "N", str(entry.readlink()))
    except FileNotFoundError:
        return "the folder that is being read"


def _of_python() -> dict[str, Any]:
    main = sys.modules["__main__"]
    return {
        "main": [main.__name__, main.__file__, main.__spec__ and main.__spec__.name],
        "arguments": [sys.argv, sys.orig_argv, sys.flags, sys.path],
        "output": [sys.__stdout__ and sys.__stdout__.line_buffering, sys.stdout.encoding, locale.getlocale()],
        "limits of Python": [sys.getrecursionlimit(), gc.isenabled(), gc.get_threshold()],
        "faults": [faulthandler.is_enabled(), sys.excepthook, sys.unraisablehook, threading.excepthook],
        "finders": [type(found).__name__ for found in sys.meta_path],
        "warnings": [str(found) for found in warnings.filters],
        "logging": [logging.root.level, logging.root.disabled, *map(str, logging.root.handlers)],
    }


def _of_pytest(config: pytest.Config) -> dict[str, Any]:
    plugins = {name for name, _ in config.pluginmanager.list_name_plugin() if not name.isdigit()}
    loaders = {name: type(sys.modules[name].__loader__).__name__ for name in plugins & sys.modules.keys()}
    live = {name: module for name, module in sys.modules.items() if name.startswith("tests.")}
    return {
        "plugins": sorted(plugins),
        "options": {name: repr(value) for name, value in vars(config.option).items()},
        "loaders of plugins": loaders,
        "loaders of ours": {name: type(module.__loader__).__name__ for name, module in live.items()},
    }
