"""What plan and apply print and save: colour only on a terminal, plan files only for their owner."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
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
    if path.exists() and not path.is_file():
        # Replacing /dev/null by a plan would harm the whole machine.
        raise click.UsageError(f"cannot write {path}: it is no regular file. Nothing was written to any environment")
    try:
        # A draft of its own: one that lies there already may be readable by others, or be a link to another file.
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink()
            raise
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}. Nothing was written to any environment") from error
