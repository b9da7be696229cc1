"""The options that plan and apply share, and what they parse to. Pure but for click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def parse_waivers(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`CODE=REASON` pairs; a waiver without a reason is wrong usage, for the reason is recorded."""
    waived: dict[str, str] = {}
    for value in values:
        code, separator, why = value.partition("=")
        if not separator or not code.strip() or not why.strip():
            raise click.BadParameter(f"{value!r}: say which objection and why, as in --allow consent-not-given='consent is due on Friday'")
        waived[code.strip()] = why.strip()
    if waived:
        from reconciler.plan.waive import waiver_problems

        for problem in waiver_problems(waived):
            raise click.BadParameter(f"{problem.summary} ({problem.hint})")
    return waived


def journal_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--journal DIR`, the folder with one journal an environment."""
    kind = click.Path(file_okay=False, path_type=Path)
    help = "Folder of the journals, one file an environment.  [default: .rictl/journal]"
    return click.option("--journal", type=kind, metavar="DIR", help=help)(command)


def connecting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of commands that read environments and change nothing."""
    host = "Trust a host that is not of the declared cloud (plain http on loopback only)."
    command = click.option("--parallelism", type=click.IntRange(1, 64), default=8, show_default=True, help="Environments at once.")(command)
    return click.option("--allow-host", "hosts", metavar="HOST", multiple=True, help=host)(command)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that plan and apply have in common."""
    for option in reversed(
        (
            click.option(
                "--allow",
                "waivers",
                metavar="CODE=REASON",
                multiple=True,
                callback=parse_waivers,
                help="Waive one objection by its code; the reason is recorded. May be given several times.",
            ),
            click.option(
                "--allow-host",
                "hosts",
                metavar="HOST",
                multiple=True,
                help="Trust a host that is not of the declared cloud (plain http on loopback only).",
            ),
            click.option(
                "--details/--no-details",
                default=True,
                help="Every change in full, or only the table and what is to be settled.  [default: details]",
            ),
            click.option(
                "--parallelism",
                type=click.IntRange(1, 64),
                default=8,
                show_default=True,
                help="Environments at once.",
            ),
        )
    ):
        command = option(command)
    return command
