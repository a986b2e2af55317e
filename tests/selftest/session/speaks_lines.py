"""A pytest plugin (`-p tests.selftest.session.speaks_lines`): there is a second dialect, that of the parser `lines`."""

from tests.harness.cases.dialects.registry import known_dialects
from tests.selftest.cases.dialects.lines import LINES

known_dialects()[LINES.name] = LINES
