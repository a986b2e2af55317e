"""Loads the suite's plugin; pytest allows this in the root conftest only."""

pytest_plugins = ["tests.harness.fixtures", "tests.harness.plugin", "pytester"]
