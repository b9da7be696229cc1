"""How much of anything a file may hold: what somebody sends in a pull request must not exhaust the machine that checks it. Pure."""

from __future__ import annotations

FILE_BYTES = 1_000_000
"""Known from the directory entry, so that a file of any size is refused without being read."""

NESTING = 40
"""Levels of one file. The file format has nine; a recursive reader dies somewhere above ten thousand."""

NODES_BY_ALIAS = 10_000
"""How many nodes the aliases of one file may stand for in total: nested aliases grow exponentially."""

EXTENDS_DEPTH = 8
"""How many baselines may stand on each other."""

PROBLEMS_OF_FILE = 50
"""Structural problems that are explained for one file; more help nobody."""

INTEGER_DIGITS = 18
"""Longer numbers are kept as text: nothing here counts that far, and Python refuses to read 4,300 digits."""

SOURCE_LINE = 400
"""Longest source line that a diagnostic quotes."""
