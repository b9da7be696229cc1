"""Says which build server runs this process, and keeps foreign text in its log from being commands to it.

Reads environment variables; stands before stdout and stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import click

BuildServer = Literal["github", "azdo"]
_OFF = "reconciler.build_server_off"


def build_server(environ: Mapping[str, str]) -> BuildServer | None:
    """Which one runs this process, by the variables that it sets; None elsewhere, and with RICTL_CI=off or --no-ci."""
    context = click.get_current_context(silent=True)
    if environ.get("RICTL_CI", "").lower() == "off" or (context is not None and _OFF in context.meta):
        return None
    if environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "azdo" if environ.get("TF_BUILD", "").lower() == "true" else None


def turned_off(context: click.Context, _option: click.Parameter, value: bool) -> None:
    """Callback of --no-ci."""
    if value:
        context.meta[_OFF] = True


def print_untouched(text: str) -> None:
    """Prints a command of ours, or a format that is data and may go to a file, as it is."""
    click.echo(text, file=getattr(sys.stdout, "untouched", None))


class _Inert:
    """A stream whose every line is only text to a build server; `untouched` is the stream itself."""

    def __init__(self, stream: Any) -> None:
        self.untouched = stream

    def write(self, text: str) -> int:
        from reconciler.report.log_text import inert

        self.untouched.write(inert(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            # Whoever writes bytes would go around this.
            raise AttributeError(name)
        return getattr(self.untouched, name)


@contextmanager
def inert_log() -> Iterator[None]:
    """In a pipeline, names from files and from the remote side that are printed meanwhile cannot give commands to the build server."""
    if build_server(os.environ) is None:
        yield
        return
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Inert(out), _Inert(err)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
