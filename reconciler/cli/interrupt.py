"""Ctrl-C during an apply: the first finishes the write in hand and stops, the second aborts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def stop_on_signal(stop: asyncio.Event, abort: Callable[[], None]) -> Iterator[None]:
    """Within the block the first SIGINT or SIGTERM sets `stop`, the second calls `abort`, and a third ends the process at once."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def pressed() -> None:
        if not stop.is_set():
            click.echo("Stopping after the write in hand. Once more to abort without waiting for it.", err=True)
            stop.set()
            return
        click.echo("Aborting: the write in hand is not waited for.", err=True)
        for number in signals:
            loop.remove_signal_handler(number)
        abort()

    for number in signals:
        loop.add_signal_handler(number, pressed)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
