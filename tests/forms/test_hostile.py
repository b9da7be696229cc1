"""Nothing that somebody feeds to the engine breaks it, is altered unasked, or takes long."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.forms import large_form
from reconciler.forms.locate import FormMap, FormUnreadable, locate
from reconciler.forms.meaning import meaning
from reconciler.forms.tree import DEEPEST, LARGEST, MOST_MARKS, Element, parse
from tests.forms.samples import COMPACT, NAMES, PRETTY, foreign_cell, foreign_description, form, placed, run, section, tab, text_cell

bounded = settings(max_examples=250, deadline=None, derandomize=True)

SEEDS = (
    COMPACT,
    PRETTY,
    placed(COMPACT, *NAMES),
    placed(PRETTY, *NAMES),
    form(tab("A", section("s", foreign_cell())), after=f"<controlDescriptions>{foreign_description()}</controlDescriptions>"),
)
TOKENS = (
    b"<form>",
    b"</form>",
    b"<section name='ri_network__sd'>",
    b"</section>",
    b"<sections/>",
    b"<sections>",
    b"</sections>",
    b"<row/>",
    b"<cell rowspan='9'>",
    b"<labels>",
    b"</labels>",
    b"<labels/>",
    b"<control uniqueid='",
    b"<controlDescriptions/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?x ?>",
    b"&amp;",
    b"&#0;",
    b"/>",
    b">",
    b"<",
    b'"',
    b"'",
    b"!",
    b"?",
    b"\xff",
    b"\r\n",
    b" visible='false'",
)
SECONDS = 10.0
"""Of processor time, far more than any of these takes even when it is measured line by line."""


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A form of people, in which a few stretches were cut out, doubled, or replaced by other pieces of XML."""
    xml = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(xml)))
        end = min(len(xml), start + draw(st.sampled_from([0, 0, 1, 7, 60, 300])))
        piece = draw(st.sampled_from(TOKENS) | st.just(xml[start:end] * 2) | st.binary(max_size=4))
        xml = xml[:start] + piece + xml[end:]
    return xml


def every(element: Element) -> list[Element]:
    """The element and all that is in it."""
    found = [element]
    for each in found:
        found.extend(each.children)
    return found


def has_true_spans(found: FormMap, xml: bytes) -> bool:
    """Whether each element begins and ends with its tags, and holds its children one after the other."""
    for each in every(found.root):
        name = each.tag.encode()
        edges = [each.open_end, *(place for child in each.children for place in (child.start, child.end))]
        edges += [] if each.is_self_closed else [each.close_start]
        assert edges == sorted(edges)
        assert xml[each.start :].startswith(b"<" + name)
        assert xml[each.end - 1 : each.end] == b">"
        assert each.is_self_closed or xml[each.close_start :].startswith(b"</" + name)
        assert each.end == each.open_end if each.is_self_closed else each.open_end <= each.close_start
    return True


@given(mutated())
@bounded
def test_a_mutated_form_is_mapped_truly_or_refused(xml: bytes) -> None:
    try:
        found = locate(xml)
    except FormUnreadable:
        assert run(xml, "network").xml == xml
        return

    assert has_true_spans(found, xml)
    assert meaning(xml)["tag"] == "form"


@given(mutated(), st.booleans())
@bounded
def test_a_mutated_form_settles_and_gives_ours_back(xml: bytes, exclusive: bool) -> None:
    clean = run(xml)
    there = run(clean.xml, *NAMES, exclusive=exclusive)
    again = run(there.xml, *NAMES, exclusive=exclusive)

    assert (again.xml, again.edits) == (there.xml, ())
    if not there.problems and not exclusive and b"ri_" not in clean.xml:
        assert run(there.xml).xml == clean.xml


@given(st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=30).map(b"".join))
@bounded
def test_arbitrary_bytes_are_mapped_or_refused(xml: bytes) -> None:
    try:
        assert has_true_spans(locate(xml), xml)
    except FormUnreadable:
        assert run(xml, "network").problems


def test_what_is_read_late_is_what_is_read_at_once() -> None:
    nested = "<labels><!-- </labels> --><labels><label a='>'/></labels><labels/>!<label></label></labels>"
    root = parse(f"<form><tabs>{nested}</tabs><labels/><labels></labels><a>{nested}?</a></form>".encode())

    assert [each.tag for each in root.children] == ["tabs", "labels", "labels", "a"]
    for holder in (root.children[0], root.children[3]):
        (outer,) = holder.children
        assert [(each.tag, len(each.children), each.is_self_closed) for each in outer.children] == [
            ("labels", 1, False),
            ("labels", 0, True),
            ("label", 0, False),
        ]
        assert all(each.parent is outer for each in outer.children)
        assert outer.source[outer.start : outer.end].decode() == nested


ENTITY = b'<!DOCTYPE form [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(9)) + b"]>"


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (ENTITY + b"<form>&a8;</form>", "document type"),
        (b'<!DOCTYPE form SYSTEM "file:///etc/passwd"><form />', "document type"),
        (b'<!DOCTYPE form [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><form />', "document type"),
        (b"<form>" + b"<a>" * 60_000 + b"</a>" * 60_000 + b"</form>", f"{DEEPEST} deep"),
        (b"<form><labels>" + b"<a>" * 90 + b"</a>" * 90 + b"</labels></form>", f"{DEEPEST} deep"),
        (b"<form>" + b"<tabs>" * 90 + b"</tabs>" * 90 + b"</form>", f"{DEEPEST} deep"),
        (b"<form>" + b"<a/>" * MOST_MARKS + b"</form>", "tags"),
        (b"<form a='" + b"x" * LARGEST + b"' />", "bytes"),
        (b"<form " + b"".join(b"a%d='' " % n for n in range(50_000)) + b"a7='' />", "not well-formed"),
    ],
)
def test_hostile_text_is_refused_at_once(xml: bytes, why: str) -> None:
    start = time.process_time()

    done = run(xml, "network")

    assert why in done.problems[0].message
    assert done.xml == xml
    assert time.process_time() - start < SECONDS


MANY_SECTIONS = "".join(section(f"s{number}", text_cell(f"c{number}")) for number in range(2_000))
OURS = "".join(section("ri_network", text_cell(f"c{number}")) for number in range(500))


@pytest.mark.parametrize(
    "xml",
    [
        form(tab("A", MANY_SECTIONS)),
        form(tab("A", section("s", *(text_cell(f"c{number}") for number in range(3_000))))),
        form(*(tab(f"t{number}", section("s", "")) for number in range(500))),
        form(tab("A", section("s", "")), after=f"<controlDescriptions>{foreign_description('Other') * 2_000}</controlDescriptions>"),
        form(tab("A", section("s", text_cell("x"), attributes=" note='" + "&lt;" * 500_000 + "'"))),
        form(tab("A", section("s", "", attributes="".join(f" a{number}=''" for number in range(50_000))))),
        form(tab("A", "<!-- <sections> -->" * 20_000 + section("s", text_cell("x")) + " \n" * 200_000)),
        form(tab("A", section("s", "<cell><labels/></cell>" * 5_000 + "<cell><labels></labels></cell>" * 5_000))),
        form(tab("A", section("s", "<cell><control/></cell>" * 5_000))),
    ],
    ids=["sections", "controls", "tabs", "descriptions", "references", "attributes", "comments", "labels", "self-closed"],
)
def test_a_huge_form_is_edited_in_bounded_time(xml: bytes) -> None:
    start = time.process_time()

    done = run(xml, "network")

    assert done.problems == ()
    assert run(done.xml).xml == xml
    assert time.process_time() - start < SECONDS


def test_a_form_crowded_with_ours_is_refused() -> None:
    assert [each.code for each in run(form(tab("A", OURS)), "network").problems] == ["too-many-widgets"]


def test_memory_grows_no_faster_than_the_form() -> None:
    small, large = (peak(large_form(size)) for size in (200_000, 800_000))

    assert large < 4.5 * small


def peak(xml: bytes) -> int:
    """The most memory that placing one widget takes."""
    tracemalloc.start()
    try:
        assert run(xml, "network").problems == ()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_empty_cell_in_a_section_of_ours_goes_with_it() -> None:
    there = placed(COMPACT, "network", "charts")
    start = there.index(b'<control id="ri_network"')
    emptied = there[:start] + there[there.index(b"/>", start) + 2 :]

    assert run(emptied).xml == COMPACT
