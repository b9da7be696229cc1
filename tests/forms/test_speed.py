"""How the work grows with the form, measured against reading it once, so that a busy machine does not matter."""

from __future__ import annotations

import time
from collections.abc import Callable

from reconciler.forms.locate import locate
from tests.forms.samples import NAMES, run, section, tab, text_cell


def large(sections: int) -> bytes:
    """A form with so many sections in one column."""
    inside = "\n".join(section(f"s{i}", text_cell(f"a{i}"), text_cell(f"b{i}")) for i in range(sections))
    return f"<form>\n<tabs>{tab('T', inside)}</tabs>\n</form>".encode()


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the fastest of three runs."""
    times = []
    for _ in range(3):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def test_a_settled_form_costs_hardly_more_than_reading_it_and_three_additions_a_few_readings() -> None:
    xml = large(400)
    there = run(xml, *NAMES).xml
    once = seconds(lambda: locate(xml))

    assert seconds(lambda: run(there, *NAMES)) < 3 * once
    assert seconds(lambda: run(xml, *NAMES)) < 12 * once


def test_a_form_of_four_times_the_size_takes_about_four_times_as_long() -> None:
    small, big = large(150), large(600)

    assert seconds(lambda: run(big, *NAMES)) < 10 * seconds(lambda: run(small, *NAMES))
