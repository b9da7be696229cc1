"""Turns what went wrong on the remote side, and input that is refused, into text on stderr."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.errors import RemoteError
from reconciler.model.run import Unreadable


def show_remote_error(environment: str, error: RemoteError) -> None:
    """What, where, why, what next; on stderr."""
    from reconciler.report.escape import escape

    lines = [f"error[{code_of(error)}]: {environment}: {error.what}"]
    if error.request:
        lines.append(f"  --> {error.request}" + (f" (request id {error.request_id})" if error.request_id else ""))
    if error.why:
        lines.append(f"  why: {error.why}")
    if error.hint:
        lines.append(f"  hint: {error.hint}")
    click.echo("\n".join(escape(line) for line in lines) + "\n", err=True)


def unreadable(environment: str, error: RemoteError) -> Unreadable:
    """The same as a value, for reports."""
    return Unreadable(environment, code_of(error), error.what, error.why, error.hint, error.request, error.request_id)


def code_of(error: RemoteError) -> str:
    """The kebab-case code of a remote error, from the name of its class."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """All of them, with their source lines; on stderr."""
    from reconciler.report.diagnostics import diagnostics_text

    click.echo(diagnostics_text(diagnostics), err=True)
