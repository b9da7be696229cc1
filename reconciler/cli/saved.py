"""Reads a saved plan and says whether it may still be applied."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from reconciler import __version__
from reconciler.cli.output import annotate, annotate_refusal
from reconciler.cli.step_summary import tell_build_server
from reconciler.model.exit_codes import FAILED, REFUSED
from reconciler.model.run import ValidationRun

if TYPE_CHECKING:
    from reconciler.model.plan import Plan
    from reconciler.report.plan_document import PlanDocument

_CLOCKS_DIFFER = dt.timedelta(minutes=10)
"""How far the clock of the machine that planned may be ahead of this one."""
LARGEST_PLAN = 32 * 1024 * 1024
"""Bytes. A plan holds no form, so even a fleet's is far smaller."""


def read_saved(targets: Sequence[str], expected_sha256: str | None = None, keys: Sequence[str] = ()) -> PlanDocument | None:
    """The saved plan, when the words on the command line name one; None when they name environments.

    Exits 3 when the file is no plan, is not the expected one, was altered, is not signed by one of `keys`, was made by another version
    or has expired, and 1 when its run could not read every environment; a plan together with anything else is wrong usage.
    """
    files = [target for target in targets if is_plan_file(target)]
    if not files:
        if expected_sha256 or keys:
            raise click.UsageError("--expect-sha256 and --verify are about a saved plan: name its file")
        return None
    if len(targets) > 1:
        raise click.UsageError("apply takes environments or one saved plan, not both")
    from reconciler.report.plan_document import VALID_FOR
    from reconciler.rollout.stale import is_expired

    path = Path(files[0])
    document, sha256 = read_document(path)
    if expected_sha256 is not None and expected_sha256.strip().lower() != sha256:
        refuse(f"error[plan-not-expected]: {path} has SHA-256 {sha256}, not the expected {expected_sha256.strip().lower()[:64]}")
    _require_signature(path, document, keys)
    if document.tool_version != __version__:
        refuse(f"error[plan-version]: {path} was made by rictl {document.tool_version[:40]}, this is rictl {__version__}")
    now = dt.datetime.now(dt.UTC)
    if document.expires_at - document.created_at > VALID_FOR or document.created_at > now + _CLOCKS_DIFFER:
        refuse(
            f"error[plan-expired]: {path} says that it holds from {document.created_at:%Y-%m-%d %H:%M} to "
            f"{document.expires_at:%Y-%m-%d %H:%M} UTC; a plan holds for a day at most"
        )
    if is_expired(document.expires_at, now):
        refuse(f"error[plan-expired]: {path} expired at {document.expires_at:%Y-%m-%d %H:%M} UTC")
    missing = document.summary.failed
    if missing or not document.plans:
        # A plan is applied whole or not at all; and no environment by name would mean all of them.
        said = f"{missing} of {len(document.plans) + missing} environments could not be read when {path} was made"
        refuse(f"error[plan-is-incomplete]: {said}", FAILED)
    click.echo(f"Applying {path} (sha256 {sha256})", err=True)
    return document


def read_document(path: Path) -> tuple[PlanDocument, str]:
    """The plan file and the SHA-256 of its bytes. Exits 3 when it is no plan or was altered."""
    if path.stat().st_size > LARGEST_PLAN:
        raise click.UsageError(f"{path} is larger than any plan ({LARGEST_PLAN} bytes)")
    from reconciler.cli.failures import show_diagnostics
    from reconciler.report.plan_document import PlanDocument, parse_document

    content = path.read_bytes()
    parsed = parse_document(content.decode("utf-8", "replace"))
    if not isinstance(parsed, PlanDocument):
        show_diagnostics(parsed)
        click.echo("Nothing was written.", err=True)
        annotate(ValidationRun(parsed, (), 0, 0, __version__))
        tell_build_server(None, REFUSED, is_refused=True)
        raise click.exceptions.Exit(REFUSED)
    return parsed, hashlib.sha256(content).hexdigest()


def _require_signature(path: Path, document: PlanDocument, keys: Sequence[str]) -> None:
    if not keys:
        return
    from reconciler.cli.signing import not_signed_by, public_key

    because = not_signed_by(document, [public_key(key, os.environ) for key in keys])
    if because is not None:
        refuse(f"error[plan-not-signed]: {path}: {because}")


def refuse(said: str, exit_code: int = REFUSED) -> NoReturn:
    """Says why a saved plan may not be applied, and ends the command."""
    from reconciler.report.escape import escape

    click.echo(escape(f"{said}. Nothing was written; plan again"), err=True)
    annotate_refusal(said)
    tell_build_server(None, exit_code, is_refused=True)
    raise click.exceptions.Exit(exit_code)


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


def is_plan_file(target: str) -> bool:
    """Whether the word names a file that may be a plan: YAML files are environments."""
    path = Path(target)
    return path.is_file() and path.suffix not in (".yaml", ".yml")
