"""The same laws on real forms, where a collection of them lies beside the repository; it is read and never copied."""

from __future__ import annotations

import itertools
from pathlib import Path

from reconciler.forms.locate import locate
from reconciler.forms.meaning import meaning
from reconciler.forms.picture import picture
from reconciler.model.desired import Anchor, DesiredWidget
from tests.forms.samples import KNOWN, NAMES, run

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "forms"
REAL = [path.read_bytes() for path in sorted(FOLDER.glob("*.xml"))]
PLACEABLE = [xml for xml in REAL if not run(xml, "charts").problems]
ORDERS = list(itertools.permutations(NAMES))


def anchors_of(xml: bytes) -> list[Anchor | None]:
    """The anchors that this form allows."""
    names = [each.name for each in locate(xml).sections]
    single = [name for name in names if name and names.count(name) == 1]
    beside = [Anchor(before=single[0]), Anchor(after=single[-1])] if single else []
    return [None, Anchor(position="first"), Anchor(position="last"), *beside]


def goes_there_and_back(xml: bytes, anchor: Anchor | None, order: tuple[str, ...]) -> None:
    """Places all widgets, sees that nothing is left to do, and takes them away in that order."""
    wanted = [DesiredWidget(name, at=anchor) for name in NAMES]
    done = run(xml, *wanted)
    assert done.problems == ()
    assert [each.action for each in done.edits] == ["add"] * 3
    again = run(done.xml, *wanted)
    assert (again.edits, again.xml == done.xml) == ((), True)
    there = done.xml
    for name in order:
        wanted = [wish for wish in wanted if wish.widget != name]
        there = run(there, *wanted).xml
    assert there == xml


def test_every_real_form_takes_the_widgets_and_gives_them_back() -> None:
    for index, xml in enumerate(PLACEABLE):
        goes_there_and_back(xml, None, ORDERS[index % 6])


def test_every_real_form_takes_them_at_some_anchor() -> None:
    for index, xml in enumerate(PLACEABLE):
        anchors = anchors_of(xml)
        goes_there_and_back(xml, anchors[index % len(anchors)], ORDERS[(index + 3) % 6])


def test_small_real_forms_take_them_at_every_anchor_in_every_order() -> None:
    for xml in (each for each in PLACEABLE if len(each) < 3000):
        for anchor, order in itertools.product(anchors_of(xml), ORDERS):
            goes_there_and_back(xml, anchor, order)


def test_every_real_form_is_mapped_drawn_and_understood() -> None:
    for xml in REAL:
        assert locate(xml).root.tag == "form"
        assert picture(xml, known=KNOWN)
        assert meaning(xml.replace(b"\r\n", b"\n")) == meaning(xml)
