"""What commands print and save: each format once, colour only on a terminal, files only for their owner."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from reconciler.cli.build_server import build_server, print_untouched, turned_off
from reconciler.cli.step_summary import report_address
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.run import ValidationRun
from reconciler.report.formats.book import Run, Style, Subject, format_named, names_for, render

_READ = frozenset({"text", "markdown"})
"""Formats that people read where they are printed, so that nothing in them may be a command to a build server. Others are data."""
_ERROR = re.compile(r"error\[([a-z-]+)\]: (.*)", re.DOTALL)
REFUSED_BY_HAND = "not-approved"
"""Code of the annotation of a refusal that is no error."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One format that was asked for, and where it goes; None: stdout."""

    format: str
    file: Path | None


def format_option(subject: Subject) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--format NAME[=FILE]`, several times in one run. Its value is a tuple of `Wanted`."""
    names = names_for(subject)

    def parsed(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[Wanted, ...]:
        wanted = tuple(_wanted(value, names) for value in values)
        printed = [one.format for one in wanted if one.file is None and not format_named(one.format).is_log]
        if len(printed) > 1:
            raise click.BadParameter(f"{' and '.join(printed)} cannot both be printed: write one to a file, as in {printed[1]}=FILE")
        files = [one.file for one in wanted if one.file is not None]
        if len(set(files)) < len(files):
            raise click.BadParameter("two formats cannot be written to one file")
        return wanted

    wanted_formats = click.option(
        "--format",
        "formats",
        metavar="NAME[=FILE]",
        multiple=True,
        callback=parsed,
        help=f"What is printed, or written to FILE; may be given several times. NAME is one of {', '.join(names)}.  [default: text]",
    )
    no_ci = click.option(
        "--no-ci",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=turned_off,
        help="Print as on a desk, though a pipeline runs this; RICTL_CI=off does the same.",
    )
    return lambda command: wanted_formats(no_ci(command))


def _wanted(value: str, names: Sequence[str]) -> Wanted:
    name, equals, file = value.partition("=")
    if name not in names:
        known = ", ".join(f"'{known}'" for known in names)
        raise click.BadParameter(f"'{name}' is not one of {known}.")
    if equals and not file:
        raise click.BadParameter(f"'{value}' names no file")
    return Wanted(name, Path(file) if equals else None)


def deliver(run: Run, wanted: Sequence[Wanted], *, details: bool = True) -> None:
    """Prints and writes the run in every wanted format. Text is printed unless another format takes its place on stdout.

    A file that cannot be written is wrong usage.
    """
    from reconciler.catalog.register import CATALOG

    style = Style(details=details, catalog=CATALOG, report=report_address(os.environ), **_explained(wanted))
    for one in wanted:
        if one.file is not None:
            save(one.file, f"{render(one.format, run, style)}\n")
    printed = [one.format for one in wanted if one.file is None]
    if all(format_named(name).is_log for name in printed):
        printed.insert(0, "text")
        server = build_server(os.environ)
        if server is not None and printed == ["text"]:
            printed.append(server)
    for name in printed:
        text = render(name, run, replace(style, color=wants_color()))
        if text:
            # Left to itself, click takes colours out of what does not go to a terminal, whoever insists on them.
            click.echo(text, color=wants_color()) if name in _READ else print_untouched(text)


def annotate(run: Run) -> None:
    """In a pipeline, prints what the build server shows beside the files; nothing elsewhere."""
    server = build_server(os.environ)
    text = render(server, run, Style()) if server is not None else ""
    if text:
        print_untouched(text)


def annotate_refusal(said: str) -> None:
    """In a pipeline, an annotation of why a command ends: `said` is what stderr shows of it, as in `error[CODE]: what happened`."""
    from reconciler import __version__

    found = _ERROR.fullmatch(said)
    code, what = found.groups() if found is not None else (REFUSED_BY_HAND, said)
    diagnostic = Diagnostic(code, " ".join(line.strip() for line in what.split("\n")), None)
    annotate(ValidationRun((diagnostic,), (), 0, 0, __version__))


def _explained(wanted: Sequence[Wanted]) -> dict[str, Any]:
    """What the documentation says, for the format that carries it."""
    if all(one.format != "sarif" for one in wanted):
        return {}
    from reconciler.cli.explanations import explanations, pages

    return {"explanations": explanations(), "pages": pages(os.environ.get("RICTL_DOCS_URL"))}


def wants_color() -> bool:
    """Colour when stdout is a terminal and NO_COLOR is not set; FORCE_COLOR insists."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


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
