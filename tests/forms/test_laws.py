"""Laws that hold for every small form and every wish."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.forms.meaning import meaning
from reconciler.forms.picture import picture
from reconciler.forms.reconcile import differs_only_by_ours
from reconciler.model.desired import Anchor, DesiredWidget
from tests.forms.samples import FORM_ID, KNOWN, NAMES, foreign_cell, foreign_description, run, text_cell

bounded = settings(max_examples=100, deadline=None, derandomize=True)

NEWLINES = ("", "\n", "\r\n", "\n\n\t")


@st.composite
def sections_of(draw: st.DrawFn, lead: str, foreign: bool) -> str:
    """The inside of a column: nothing, closed or open `<sections>`, and what may stand between sections."""
    kind = draw(st.sampled_from(["absent", "closed", "spaced", "empty", "filled", "filled", "filled"]))
    if kind == "absent":
        return draw(st.sampled_from(["", "<!-- none -->", lead]))
    if kind in ("closed", "spaced", "empty"):
        return f"{lead}" + {"closed": "<sections/>", "spaced": "<sections\n />", "empty": "<sections></sections>"}[kind] + lead
    names = draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=3))
    parts = []
    for name in names:
        cell = draw(st.sampled_from([text_cell("x"), "", foreign_cell() if foreign else ""]))
        rows = draw(st.sampled_from([f"{lead}  <rows>{lead}    <row>{cell}</row><row />{lead}  </rows>", "<rows/>", "", "<rows></rows>"]))
        parts.append(
            draw(st.sampled_from(["", "<!-- > -->", "<?p <?>"])) + f"{lead}<section name='{name}' note='a>b'>{rows}{lead}</section>"
        )
    return f"{lead}<sections>{''.join(parts)}{lead}</sections>{lead}"


@st.composite
def forms(draw: st.DrawFn, *, foreign: bool = True) -> bytes:
    """A small form in some layout."""
    lead = draw(st.sampled_from(NEWLINES))
    prolog = draw(st.sampled_from(["", "\ufeff", '<?xml version="1.0" encoding="utf-16"?>', "\ufeff<?xml version='1.0'?>\n<!-- x -->"]))
    tabs = []
    for name in draw(st.lists(st.sampled_from(["T", "U", ""]), min_size=1, max_size=2)):
        columns = []
        for _ in range(draw(st.integers(1, 3))):
            inside = draw(sections_of(lead, foreign))
            columns.append("<column width='1%' />" if not inside else f"<column>{inside}</column>")
        visible = draw(st.sampled_from(["", " visible='false'"]))
        tabs.append(f"{lead}<tab name='{name}'{visible}>{lead}<columns>{lead.join(columns)}</columns></tab>")
    described = foreign_description()
    descriptions = draw(
        st.sampled_from(
            ["", "<controlDescriptions/>", "<controlDescriptions />", "<controlDescriptions></controlDescriptions>"]
            + [f"<controlDescriptions>{lead}{described}{lead}</controlDescriptions>"] * 2
        )
    )
    parts = draw(st.permutations([f"<tabs>{''.join(tabs)}{lead}</tabs>", descriptions, "<events></events>", "<![CDATA[ ]]>"]))
    return f"{prolog}<form{draw(st.sampled_from(['', ' a=' + chr(39) + '>' + chr(39)]))}>{lead}{lead.join(parts)}{lead}</form>".encode()


anchors = (
    st.none()
    | st.builds(
        Anchor,
        tab=st.sampled_from([None, None, "T", "U"]),
        column=st.sampled_from([None, 1, 2]),
        position=st.sampled_from(["first", "last", None]),
    )
    | st.builds(Anchor, after=st.sampled_from(["a", "b", "ri_charts"]))
    | st.builds(Anchor, before=st.sampled_from(["b", "c", "network"]))
)
wishes = st.lists(
    st.builds(
        DesiredWidget,
        widget=st.sampled_from(NAMES),
        at=anchors,
        label=st.sampled_from([None, "x", "é<"]),
        rows=st.sampled_from([None, 1, 4]),
        visible=st.sampled_from([None, True, False]),
        form_factors=st.sampled_from([None, ("web",), ("phone", "tablet")]),
    ),
    max_size=3,
    unique_by=lambda wish: wish.widget,
)


@given(forms(), st.lists(wishes, min_size=1, max_size=4))
@bounded
def test_a_second_reconcile_has_nothing_to_do_and_the_end_of_ours_is_the_beginning(xml: bytes, rounds: list[list[DesiredWidget]]) -> None:
    there = xml
    for wanted in rounds:
        done = run(there, *wanted)
        again = run(done.xml, *wanted)
        assert again.xml == done.xml
        assert again.edits == ()
        assert done.problems == again.problems
        assert done.problems == () or done.xml == there
        there = done.xml

    assert differs_only_by_ours(xml, there, form_id=FORM_ID, known=KNOWN)
    assert run(there).xml == xml


@given(forms(foreign=False), wishes, st.permutations(NAMES))
@bounded
def test_wanted_widgets_are_on_the_form_and_others_are_not(xml: bytes, wanted: list[DesiredWidget], order: list[str]) -> None:
    done = run(xml, *wanted)
    if done.problems:
        return
    assert set(done.placements) == {wish.widget for wish in wanted}
    for wish in wanted:
        found = done.placements[wish.widget]
        assert wish.label in (None, found.label)
        assert wish.rows in (None, found.rows)
        assert wish.visible in (None, found.visible)
        assert wish.form_factors is None or set(wish.form_factors) == set(found.form_factors or ())
    left = list(wanted)
    there = done.xml
    for name in order:
        left = [wish for wish in left if wish.widget != name]
        there = run(there, *[wish.widget for wish in left]).xml
    assert there == xml


@given(forms(), wishes)
@bounded
def test_exclusive_settles_too_and_touches_nothing_else(xml: bytes, wanted: list[DesiredWidget]) -> None:
    done = run(xml, *wanted, exclusive=True)
    again = run(done.xml, *wanted, exclusive=True)

    assert again.edits == ()
    assert again.xml == done.xml


@given(st.binary(max_size=60) | st.text("<>/form abs='\"", max_size=60).map(str.encode))
@bounded
def test_any_bytes_are_answered(xml: bytes) -> None:
    done = run(xml, "charts")

    assert done.problems
    assert done.xml == xml


@given(forms(), st.integers(1, 90))
@bounded
def test_every_form_has_a_meaning_and_a_picture(xml: bytes, width: int) -> None:
    assert meaning(xml)["tag"] == "form"
    assert picture(xml, known=KNOWN, width=width)
