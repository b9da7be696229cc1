"""Generates a large form, and times what the form engine does with it against one parse by lxml, in turn and in one process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from bench.measure import Figure
from reconciler.catalog.register import CATALOG
from reconciler.forms.reconcile import WidgetSpec, reconcile
from reconciler.model.desired import DesiredWidget

FORM_ID = "7d9c8f0e-1c1b-4c11-9a57-0d5be1f0a001"
LANGUAGES = [1025 + number for number in range(45)]
TEXT = "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"
ROUNDS = 41


def large_form(size: int) -> bytes:
    """A form of at least that many bytes, grown as the largest real ones are: labels and titles in 45 languages."""
    tabs, links, number = list[str](), list[str](), 0
    while sum(map(len, tabs)) + sum(map(len, links)) < size:
        number += 1
        columns = "".join(
            f'<column width="33%"><sections>{_section(f"part_{number}_{column}", 3)}</sections></column>' for column in range(3)
        )
        tabs.append(f'<tab name="tab_{number}" id="{_identifier(number)}"><columns>{columns}</columns></tab>')
        titles = _worded("Title", "LCID", "Text")
        links.append(f'<NavBarByRelationshipItem Id="link{number}"><Titles>{titles}</Titles></NavBarByRelationshipItem>')
    inside = f"<tabs>{''.join(tabs)}</tabs><Navigation><NavBar>{''.join(links)}</NavBar></Navigation><controlDescriptions />"
    return f"<form>{inside}</form>".encode()


def _section(name: str, cells: int) -> str:
    rows = "".join(f"<row>{_cell(f'{name}_{number}')}</row><row />" for number in range(cells))
    return f'<section name="{name}" id="{_identifier(name)}">{_labels()}<rows>{rows}</rows></section>'


def _cell(name: str) -> str:
    control = f'<control id="{name}" classid="{TEXT}" datafieldname="{name}" />'
    return f'<cell id="{_identifier(name)}">{_labels()}{control}</cell>'


def _labels() -> str:
    return f"<labels>{_worded('label', 'languagecode', 'description')}</labels>"


def _worded(tag: str, language: str, text: str) -> str:
    return "".join(f'<{tag} {text}="Beschäftigung {code}" {language}="{code}" />' for code in LANGUAGES)


def _identifier(part: object) -> str:
    return f"{{{uuid5(NAMESPACE_URL, str(part))}}}"


def placing() -> Figure:
    """Locating, placing one widget and verifying the result, against one parse of the same bytes."""
    xml = large_form(300_000)
    known = [WidgetSpec(each.name, each.title, each.controls, each.default_rows) for each in CATALOG.widgets]
    wanted = [DesiredWidget(known[0].name)]

    def ours() -> None:
        done = reconcile(xml, form_id=FORM_ID, wanted=wanted, known=known, language=1033)
        if done.problems or len(done.edits) != 1:
            raise SystemExit("the widget was not placed")

    return _compared(f"locate + place + verify, a form of {len(xml)} bytes", ours, "one lxml parse", lambda: etree.fromstring(xml))


def _compared(name: str, ours: Callable[[], object], against: str, theirs: Callable[[], object]) -> Figure:
    """A warm-up of each, then rounds in turn."""
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS + 1)][1:]
    return Figure(
        name,
        against,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
        ROUNDS,
    )


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
