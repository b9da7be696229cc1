"""Reads a saved plan and says whether it may still be applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.model.exit_codes import FAILED, REFUSED

if TYPE_CHECKING:
    from reconciler.model.plan import Plan
    from reconciler.report.plan_document import PlanDocument

LARGEST_PLAN = 32 * 1024 * 1024
"""Bytes. A plan holds no form, so even a fleet's is far smaller."""


def read_saved(targets: Sequence[str]) -> PlanDocument | None:
    """The saved plan, when the words on the command line name one; None when they name environments.

    Exits 3 when the file is no plan, was altered or has expired, and 1 when its run could not read every environment; a plan together
    with anything else is wrong usage.
    """
    files = [target for target in targets if _is_plan_file(target)]
    if not files:
        return None
    if len(targets) > 1:
        raise click.UsageError("apply takes environments or one saved plan, not both")
    path = Path(files[0])
    if path.stat().st_size > LARGEST_PLAN:
        raise click.UsageError(f"{path} is larger than any plan ({LARGEST_PLAN} bytes)")

    from reconciler.cli.failures import show_diagnostics
    from reconciler.report.plan_document import PlanDocument, parse_document
    from reconciler.rollout.stale import is_expired

    parsed = parse_document(path.read_text(encoding="utf-8", errors="replace"))
    if not isinstance(parsed, PlanDocument):
        show_diagnostics(parsed)
        click.echo("Nothing was written.", err=True)
        raise click.exceptions.Exit(REFUSED)
    if is_expired(parsed.expires_at, dt.datetime.now(dt.UTC)):
        click.echo(
            f"error[plan-expired]: {path} expired at {parsed.expires_at:%Y-%m-%d %H:%M} UTC. Nothing was written; plan again", err=True
        )
        raise click.exceptions.Exit(REFUSED)
    missing = parsed.summary.failed
    if missing or not parsed.plans:
        # A plan is applied whole or not at all; and no environment by name would mean all of them.
        said = f"{missing} of {len(parsed.plans) + missing} environments could not be read when {path} was made"
        click.echo(f"error[plan-is-incomplete]: {said}. Nothing was written; plan again", err=True)
        raise click.exceptions.Exit(FAILED)
    return parsed


def moved_since(document: PlanDocument, fresh: Sequence[Plan]) -> list[str]:
    """Why the saved plan no longer holds, environment by environment, ready to be shown; empty when it does."""
    from reconciler.report.escape import escape
    from reconciler.rollout.stale import moved

    now = {made.environment: made for made in fresh}
    lines = []
    for saved in document.plans:
        if saved.environment not in now:
            lines.append(f"{saved.environment}: it could not be read again")
        else:
            lines += [f"{saved.environment}: {line}" for line in moved(saved, now[saved.environment])]
    return [escape(line) for line in lines]


def _is_plan_file(target: str) -> bool:
    path = Path(target)
    return path.is_file() and path.suffix not in (".yaml", ".yml")
