"""`rictl emulator clock`: tells and moves the virtual time. Touches the state file, stdout."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from reconciler.cli.emulator.options import state_file, state_option
from reconciler.model.exit_codes import DONE

_DURATION = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.command()
@click.option("--advance", metavar="DURATION", help="Move the clock on: 90s, 30m, 12h, 14d.")
@click.option("--set", "moment", metavar="TIME", help="Move the clock to a moment, as 2026-12-07T10:00:00Z.")
@state_option
def clock(advance: str | None, moment: str | None, state: Path | None) -> int:
    """Print the virtual time, after moving it if asked. What is due by then has happened at the next request."""
    from reconciler.emulator.storage.clock import VirtualClock, wire_time
    from reconciler.emulator.storage.store import Store

    if advance and moment:
        raise click.UsageError("--advance and --set exclude each other")
    by = dt.timedelta(seconds=_seconds(advance)) if advance else None
    to = _moment(moment) if moment else None
    store = Store(state_file(state))
    try:
        virtual = VirtualClock(store)
        if by is not None:
            virtual.advance(by)
        if to is not None:
            virtual.set(to)
        click.echo(wire_time(virtual.now()))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--set") from None
    finally:
        store.close()
    return DONE


def _seconds(text: str) -> int:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"`{text}` is no duration: write 90s, 30m, 12h or 14d", param_hint="--advance")
    return int(found[1]) * _SECONDS[found[2]]


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is no moment: write 2026-12-07T10:00:00Z", param_hint="--set") from None
