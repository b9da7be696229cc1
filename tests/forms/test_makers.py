"""Whatever people do to a form that carries ours, one reconcile settles it and the next one has nothing to do."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.forms.locate import locate
from reconciler.forms.tree import Element
from reconciler.model.desired import DesiredWidget
from tests.forms.samples import COMPACT, PRETTY, run
from tests.forms.test_laws import wishes

bounded = settings(max_examples=200, deadline=None, derandomize=True)

BASES = (COMPACT, PRETTY, COMPACT.replace(b"<controlDescriptions />", b""), COMPACT.replace(b"><", b">\r\n<"))


def deleted(xml: bytes, gone: Element) -> bytes:
    """The form without one element."""
    return xml[: gone.start] + xml[gone.end :]


def doubled(xml: bytes, twice: Element) -> bytes:
    """The form with one element a second time."""
    return xml[: twice.end] + xml[twice.start : twice.end] + xml[twice.end :]


def dragged(xml: bytes, cell: Element, rows: Element | None) -> bytes:
    """The form with a cell moved into a row of its own at the end of a section."""
    if rows is None or rows.is_self_closed or rows.start < cell.start < rows.end:
        return xml
    row = b"<row>" + xml[cell.start : cell.end] + b"</row>"
    if rows.close_start < cell.start:
        return xml[: rows.close_start] + row + xml[rows.close_start : cell.start] + xml[cell.end :]
    return xml[: cell.start] + xml[cell.end : rows.close_start] + row + xml[rows.close_start :]


@st.composite
def hands(draw: st.DrawFn, xml: bytes) -> bytes:
    """The form after one thing that a person may do to it."""
    found = locate(xml)
    cells = [each.element for each in found.cells]
    sections = [each.element for each in found.sections]
    descriptions = [each.element for each in found.descriptions]
    deed = draw(st.sampled_from(["delete", "double", "drag", "drag", "nothing"]))
    if deed == "drag" and cells and sections:
        return dragged(xml, draw(st.sampled_from(cells)), draw(st.sampled_from(sections)).child("rows"))
    if deed == "double" and sections + descriptions:
        return doubled(xml, draw(st.sampled_from(sections + descriptions)))
    whole = [found.container] if found.container is not None else []
    if deed == "delete" and cells + sections + descriptions + whole:
        return deleted(xml, draw(st.sampled_from(cells + sections + descriptions + whole)))
    return xml


@given(st.sampled_from(BASES), st.lists(st.tuples(wishes, st.booleans()), min_size=2, max_size=4), st.data())
@bounded
def test_it_settles_at_once(base: bytes, rounds: list[tuple[list[DesiredWidget], bool]], data: st.DataObject) -> None:
    there = base
    for wanted, exclusive in rounds:
        done = run(there, *wanted, exclusive=exclusive)
        again = run(done.xml, *wanted, exclusive=exclusive)
        assert (again.xml, again.edits) == (done.xml, ())
        assert done.problems or {wish.widget for wish in wanted} <= set(done.placements)
        there = data.draw(hands(data.draw(hands(done.xml))))
