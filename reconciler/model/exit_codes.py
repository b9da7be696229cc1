"""The exit codes and their meaning. Pure."""

from __future__ import annotations

DONE = 0
"""Done; with --detailed-exitcode: no changes."""
FAILED = 1
"""Failed: input, remote or internal error; or a plan that is incomplete because something could not be read."""
CHANGES = 2
"""With plan --detailed-exitcode: changes are pending."""
REFUSED = 3
"""Refused: an objection that is not waived, or a stale or foreign plan; nothing was written anywhere."""
NOT_CONVERGED = 4
"""Applied in part, or applied and not converged."""
INTERRUPTED = 5
"""Interrupted; the write in hand was finished."""
USAGE = 64
"""Wrong usage."""
