"""Ctrl-C during an apply: the first finishes the write in hand and stops, the second aborts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def stop_on_signal(stop: asyncio.Event) -> Iterator[None]:
    """Within the block SIGINT and SIGTERM set `stop`; a second one ends the process as it would without us."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def first() -> None:
        click.echo(
            "Stopping after the write in hand. Once more to abort at once; what was written is then unknown until the next plan.", err=True
        )
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, first)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
