"""`python -m bench.corpus FOLDER`: takes every form of a folder there and back, judged by another XML reader than the engine's."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import permutations
from pathlib import Path

from lxml import etree

from reconciler.catalog.register import CATALOG
from reconciler.forms.locate import FormMap, locate
from reconciler.forms.reconcile import Reconciled, WidgetSpec, reconcile
from reconciler.model.desired import Anchor, DesiredWidget

KNOWN = tuple(WidgetSpec(each.name, each.title, each.controls, each.default_rows) for each in CATALOG.widgets)
FORM_ID = "7d9c8f0e-1c1b-4c11-9a57-0d5be1f0a001"
MOST_COLUMNS = 3
IDENTITIES = ("id", "uniqueid", "classid", "forControl", "labelid")
LIBRARIES = ("handlerUniqueId", "libraryUniqueId", "functionName", "libraryName")
ADDED = Counter(
    {
        ("section", "id"): 1,
        ("cell", "id"): 1,
        ("control", "id"): 1,
        ("control", "classid"): 1,
        ("control", "uniqueid"): 1,
        ("controlDescription", "forControl"): 1,
    }
)
"""What one widget of ours brings along."""


class Broken(Exception):
    """A promise that was not kept."""


class Refused(Exception):
    """The engine refused, as it may; the text is the code of its diagnostic."""


@dataclass(slots=True)
class Tally:
    """What was done so far."""

    forms: int = 0
    operations: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    failures: int = 0

    def line(self, seconds: float) -> str:
        """The last line of the output."""
        refused = sum(self.refusals.values())
        return f"{self.forms} forms, {self.operations} operations, {refused} refusals, {self.failures} failures, {seconds:.1f} s"


@dataclass
class Course:
    """One form on its way."""

    xml: bytes
    tally: Tally

    @cached_property
    def identities(self) -> Counter[tuple[str, str, str]]:
        """Those of the form at first."""
        return identities(self.xml)

    def step(self, xml: bytes, wanted: Sequence[DesiredWidget], *, ours: int) -> Reconciled:
        """One reconcile whose result is judged: `ours` widgets of ours are on the form then, and all else is as at first."""
        self.tally.operations += 1
        done = reconcile(xml, form_id=FORM_ID, wanted=wanted, known=KNOWN, language=1033)
        if done.problems:
            expect(done.xml == xml, "a refusal changed the form")
            raise Refused(done.problems[0].code)
        now = identities(done.xml)
        expect(not self.identities - now, "an identity of somebody else's was lost")
        kinds = Counter({kind: count * ours for kind, count in ADDED.items()}) if ours else Counter()
        expect(Counter((tag, name) for tag, name, _ in (now - self.identities).elements()) == kinds, "the form gained something else")
        return done

    def settled(self, xml: bytes, wanted: Sequence[DesiredWidget], *, ours: int) -> bytes:
        """The same, and a second time, which must change nothing."""
        done = self.step(xml, wanted, ours=ours)
        again = self.step(done.xml, wanted, ours=ours)
        expect(not again.edits and again.xml == done.xml, "a second placement changed something")
        return done.xml


def expect(holds: bool, otherwise: str) -> None:
    """Raises Broken when a promise is not kept."""
    if not holds:
        raise Broken(otherwise)


def identities(xml: bytes) -> Counter[tuple[str, str, str]]:
    """Every identifying attribute of a form, read by libxml2, which also says whether it is well-formed."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, huge_tree=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Broken(f"not well-formed: {error}") from error
    return Counter(
        (str(element.tag), name, value)
        for element in root.iter(etree.Element)
        for name in (*IDENTITIES, *LIBRARIES)
        if (value := element.get(name)) is not None
    )


def anchors(form: FormMap) -> list[Anchor | None]:
    """The default, the ends of a column, each column of the first tab, the last tab, and both sides of three sections."""
    found: list[Anchor | None] = [None, Anchor(position="first"), Anchor(position="last")]
    found += [Anchor(column=number) for number in range(1, MOST_COLUMNS + 1) if number <= len(form.tabs[0].columns)]
    last = form.tabs[-1]
    found += [Anchor(tab=name, position="first") for name in [last.name or last.element.get("id")] if name]
    counts = Counter(name for each in form.sections if (name := each.name or each.element.get("id")))
    names = [name for name, count in counts.items() if count == 1]
    beacons = dict.fromkeys(names[index] for index in (0, len(names) // 2, -1)) if names else {}
    return [*found, *(anchor for name in beacons for anchor in (Anchor(before=name), Anchor(after=name)))]


def each_widget(course: Course, places: Sequence[Anchor | None], absent: Sequence[str]) -> Iterator[str]:
    """Places every widget at every anchor, moves it to the next, changes it, removes it. Yields what was refused."""
    for widget in absent:
        for index, place in enumerate(places):
            try:
                there_and_back(course, DesiredWidget(widget, at=place), places[(index + 1) % len(places)])
            except Refused as refused:
                yield str(refused)


def there_and_back(course: Course, wish: DesiredWidget, other: Anchor | None) -> None:
    """One widget: placed, moved, changed, brought back, removed."""
    changed = replace(wish, label="Who & <where>", rows=5, visible=False, form_factors=("web",))
    there = course.settled(course.xml, [wish], ours=1)
    there = course.settled(there, [replace(wish, at=other)], ours=1)
    there = course.settled(there, [replace(changed, at=other)], ours=1)
    there = course.settled(there, [replace(changed, rows=1, visible=True)], ours=1)
    expect(course.step(there, [], ours=0).xml == course.xml, "removing it did not restore the bytes")


def all_orders(course: Course, place: Anchor | None, absent: Sequence[str]) -> None:
    """All widgets at one anchor, taken away in every order."""
    wanted = [DesiredWidget(widget, at=place) for widget in absent]
    full = course.settled(course.xml, wanted, ours=len(wanted))
    for order in permutations(wanted):
        there, left = full, list(wanted)
        for wish in order:
            left.remove(wish)
            there = course.step(there, left, ours=len(left)).xml
        expect(there == course.xml, "removing all did not restore the bytes")


def take(xml: bytes, tally: Tally) -> Iterator[str]:
    """Takes one form through everything and yields the codes of what was refused. Raises Broken."""
    course = Course(xml, tally)
    try:
        at_first = course.step(xml, [], ours=0)
    except Refused as refused:
        yield str(refused)
        return
    expect(at_first.xml == xml and not at_first.edits, "a form on which nothing is wanted was changed")
    present = [DesiredWidget(widget) for widget in at_first.placements]
    absent = [spec.name for spec in KNOWN if spec.name not in at_first.placements]
    try:
        expect(course.settled(xml, present, ours=0) == xml, "a widget that somebody else placed was touched")
        course.settled(xml, [DesiredWidget(widget) for widget in absent], ours=len(absent))
    except Refused as refused:
        yield str(refused)
        return
    places = anchors(locate(xml))
    yield from each_widget(course, places, absent)
    for place in (None, Anchor(position="first"), places[-1]):
        try:
            all_orders(course, place, absent)
        except Refused as refused:
            yield str(refused)


def travel(paths: Iterable[Path]) -> Tally:
    """Takes all those forms through and prints a line for each that failed."""
    tally = Tally()
    for path in paths:
        tally.forms += 1
        try:
            tally.refusals.update(take(path.read_bytes(), tally))
        except Exception as error:  # whatever the engine raises is a failure of that form, and the others still count
            tally.failures += 1
            print(f"{path.name}: {type(error).__name__}: {error}", flush=True)
    return tally


def main(words: Sequence[str]) -> int:
    """The exit code: 1 on any failure."""
    if len(words) != 1 or not Path(words[0]).is_dir():
        print("usage: make corpus CORPUS=FOLDER, a folder of forms as *.xml", file=sys.stderr)
        return 2
    start = time.perf_counter()
    tally = travel(sorted(Path(words[0]).glob("*.xml")))
    for code, count in sorted(tally.refusals.items()):
        print(f"refused {count} times: {code}")
    print(tally.line(time.perf_counter() - start))
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
