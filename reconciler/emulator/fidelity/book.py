"""Lists every behaviour; the documentation shows this list. Pure."""

from __future__ import annotations

from reconciler.emulator.fidelity import changes, queries, service

BEHAVIOURS = (*queries.BEHAVIOURS, *changes.BEHAVIOURS, *service.BEHAVIOURS)
