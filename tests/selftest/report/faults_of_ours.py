"""A pytest plugin under which the suite itself fails at the end: FAULT_IN names the function, as `module.name`."""

import importlib
import os

import pytest


def _raise(*_: object) -> str:
    raise KeyError("a fault of ours")


@pytest.hookimpl
def pytest_configure() -> None:
    module, _, name = os.environ["FAULT_IN"].rpartition(".")
    setattr(importlib.import_module(f"tests.harness.{module}"), name, _raise)
