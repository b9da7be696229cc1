"""What plan and apply print and save: colour only on a terminal, plan files only for their owner."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reconciler import __version__
from reconciler.model.plan import Plan


def wants_color() -> bool:
    """Colour when stdout is a terminal and NO_COLOR is not set; FORCE_COLOR insists."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def document_text(plans: Sequence[Plan], failed: int) -> str:
    """The plan file of these plans, made now."""
    # Imported here: it brings the whole of pydantic, and most plans are only printed.
    from reconciler.report.plan_document import document_json, document_of

    return document_json(document_of(plans, tool_version=__version__, created_at=dt.datetime.now(dt.UTC), failed=failed))


def save(path: Path, text: str) -> None:
    """Writes the file whole or not at all, readable by its owner only."""
    draft = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}. Nothing was written to any environment") from error
