"""The drawing of a form's grid as SVG, and the words that go with it."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.forms.locate import FormUnreadable
from reconciler.forms.picture import picture
from reconciler.forms.picture_grid import MOST_COLUMNS, grid_of
from reconciler.forms.picture_svg import MOST_SECTIONS, before_and_after, picture_svg
from reconciler.forms.picture_words import MOST_TOLD, described, standings
from tests.forms.samples import (
    COMPACT,
    FORM_ID,
    KNOWN,
    PRETTY,
    at,
    foreign_cell,
    foreign_description,
    form,
    placed,
    section,
    tab,
    text_cell,
)

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "&lt;script&gt;&#x202E;\"&#x85;&#10;'&amp;&#x2028;]]&gt;".replace('"', "&quot;")
FOREIGN = f"<controlDescriptions>{foreign_description()}</controlDescriptions>"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.encode())


def texts(svg: str) -> list[str]:
    """What is written in the picture, in order."""
    return ["".join(each.itertext()) if not len(each) else each[0].tail or "" for each in drawn(svg).iter(f"{NAMESPACE}text")]


def classes(svg: str) -> list[str]:
    return [each.get("class") or "" for each in drawn(svg).iter(f"{NAMESPACE}rect")]


def test_it_shows_tabs_sections_fields_and_whose_widgets() -> None:
    after = placed(COMPACT, at("network", tab="Summary", column=1, after="Details"), at("charts", tab="More"))

    written = texts(picture_svg(after, known=KNOWN, title="lead / Contoso"))

    assert written == [
        *("lead / Contoso", 'Summary "Overview"', "Details", '1 field · "Details of the lead"', "ri_network__d", '"Network"', "network"),
        *("Contact", "1 field", "Company", "1 field", "Timeline", "1 field"),
        *("More", "Extra", "1 field", "ri_charts__d", '"Charts"', "charts"),
        *("placed by rictl", "placed by somebody else", "half there", "pale: hidden by default"),
    ]


def test_who_placed_a_widget_is_told_by_outline_and_by_word() -> None:
    there = placed(COMPACT, "network")
    half = there[: there.index(b"<controlDescriptions")] + b"</form>"
    foreign = form(tab("T", section("a", foreign_cell())), after=FOREIGN)

    assert [classes(picture_svg(each, known=KNOWN)).count("ours") for each in (there, half, foreign)] == [2, 1, 1]
    assert [classes(picture_svg(each, known=KNOWN)).count("half") for each in (there, half, foreign)] == [1, 2, 1]
    assert [classes(picture_svg(each, known=KNOWN)).count("theirs") for each in (there, half, foreign)] == [1, 1, 2]
    assert "network (half)" in texts(picture_svg(half, known=KNOWN))
    assert "network (not ours)" in texts(picture_svg(foreign, known=KNOWN))


def test_hidden_parts_are_pale_and_say_so() -> None:
    away = ' visible="false"'
    xml = form(
        tab("T", section("a", foreign_cell(attributes=away), attributes=away), attributes=away),
        after=FOREIGN,
    )

    svg = picture_svg(xml, known=KNOWN)

    assert svg.count('<g class="hidden">') == 3
    assert texts(svg)[1:4] == ["T (hidden)", "a", "hidden"]
    assert "network (hidden, not ours)" in texts(svg)
    assert "o network (hidden) (not ours)" in picture(xml, known=KNOWN)


def test_a_screen_reader_is_told_what_it_is_and_where_each_widget_stands() -> None:
    root = drawn(picture_svg(placed(COMPACT, at("network", tab="More")), known=KNOWN, title="lead / Contoso"))

    title, description = root[0], root[1]
    assert (root.get("role"), title.text) == ("img", "lead / Contoso")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert description.text == "2 tabs, 6 sections. Widgets: network (placed by rictl) in More / 1 / ri_network__d."


def test_two_pictures_in_one_page_do_not_share_ids() -> None:
    one, other = (drawn(picture_svg(xml, known=KNOWN)) for xml in (COMPACT, PRETTY))

    assert one[0].get("id") != other[0].get("id")


def test_nothing_of_a_form_becomes_markup_or_turns_the_reading_order() -> None:
    svg = picture_svg(form(tab(HOSTILE, section(HOSTILE, label=HOSTILE))), known=KNOWN, title="<b>\u202e&")

    assert {each.tag.removeprefix(NAMESPACE) for each in drawn(svg).iter()} <= {"svg", "title", "desc", "style", "rect", "text", "g"}
    assert all(character == "\n" or character.isprintable() for character in svg)
    assert "<script>\"'&]]>" in texts(svg)


def test_it_needs_nothing_from_outside() -> None:
    svg = picture_svg(COMPACT, known=KNOWN)

    assert re.findall(r"href|src=|url\(|@import|@font-face|<script|<foreignObject|\bon[a-z]+=", svg) == []
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]


def test_every_style_rule_keeps_to_the_picture() -> None:
    style = drawn(picture_svg(COMPACT, known=KNOWN)).find(f"{NAMESPACE}style")
    assert style is not None
    assert style.text is not None

    selectors = re.findall(r"([^{}]+)\{[^{}]", style.text.replace("@media (prefers-color-scheme: dark){", ""))
    assert len(selectors) == 22
    assert all(selector.startswith(".rictl-form ") for selector in selectors)


def test_before_and_after_stand_side_by_side() -> None:
    svg = before_and_after(COMPACT, placed(COMPACT, "network"), known=KNOWN, title="lead")

    assert drawn(svg)[0].text == "lead, before and after"
    assert [each for each in texts(svg) if each.startswith("lead")] == ["lead, before", "lead, after"]
    assert classes(svg).count("ours") == 2
    assert (drawn(svg)[1].text or "").startswith("Before: 2 tabs, 5 sections. Widgets: none. After: 2 tabs, 6 sections.")


def test_long_texts_are_shortened_and_whole_in_the_tooltip() -> None:
    name = "W" * 300
    svg = picture_svg(form(tab("T", section(name), "", "")), known=KNOWN)

    shown = next(each for each in drawn(svg).iter(f"{NAMESPACE}text") if len(each))
    assert shown[0].text == name
    assert re.fullmatch("W+…W{10}", shown[0].tail or "")
    assert len(shown[0].tail or "") < 30


@pytest.mark.parametrize(
    "xml",
    [
        form(*[tab(f"t{i}", section("a")) for i in range(2000)]),
        form(tab("T", "".join(section(f"s{i}") for i in range(5000)))),
        form(tab("T", *[section("a")] * 3000)),
        form(tab("T", section("s" * 100_000, label="l" * 100_000))),
    ],
    ids=["tabs", "sections", "columns", "texts"],
)
def test_its_size_is_bounded(xml: bytes) -> None:
    assert len(picture_svg(xml, known=KNOWN)) < 100_000


def test_what_is_left_out_is_counted() -> None:
    sections = texts(picture_svg(form(tab("T", "".join(section(f"s{i}") for i in range(MOST_SECTIONS + 7)))), known=KNOWN))
    columns = form(tab("T", *[section("a")] * (MOST_COLUMNS + 2)))
    tabs = texts(picture_svg(form(*[tab(f"t{i}", section("a")) for i in range(200)]), known=KNOWN))

    assert "… and 7 more sections" in sections
    assert "T (and 2 more columns)" in texts(picture_svg(columns, known=KNOWN))
    assert "(and 2 more columns)" in picture(columns, known=KNOWN)
    assert any(re.fullmatch(r"… and \d+ more tabs", each) for each in tabs)


def test_widgets_outside_of_sections_are_shown_too() -> None:
    header = f"<header><rows><row>{foreign_cell()}</row></rows></header>"
    there = placed(form(tab("T", section("a", text_cell("x")))), "charts")
    orphan = re.sub(rb'<section name="ri_.*?</section>', b"", there)

    assert "header and footer" in texts(picture_svg(form(tab("T"), header=header, after=FOREIGN), known=KNOWN))
    assert "charts (half)" in texts(picture_svg(orphan, known=KNOWN, form_id=FORM_ID))
    assert "[nowhere] * charts (half)" in picture(orphan, known=KNOWN, form_id=FORM_ID)
    assert described(grid_of(orphan, KNOWN, FORM_ID)) == "1 tab, 1 section. Widgets: charts (placed by rictl, half there) in no cell."


def test_forms_without_tabs_columns_or_sections_have_a_picture() -> None:
    assert "(no tabs)" in texts(picture_svg(b"<form />", known=KNOWN))
    assert texts(picture_svg(b"<form><tabs><tab /><tab name='T'><columns><column /></columns></tab></tabs></form>", known=KNOWN))[1:4] == [
        "(no name) (no columns)",
        "T",
        "(empty)",
    ]


def test_where_widgets_stand_follows_the_form() -> None:
    after = placed(COMPACT, at("network", tab="More"), at("charts", tab="Summary", column=2))

    assert [(each.widget.name, each.where) for each in standings(grid_of(after, KNOWN, None))] == [
        ("charts", "Summary / 2 / ri_charts__d"),
        ("network", "More / 1 / ri_network__d"),
    ]


def test_very_many_widgets_are_counted_in_the_words() -> None:
    crowd = form(tab("T", section("a", *[foreign_cell()] * (MOST_TOLD + 5))), after=FOREIGN)

    assert described(grid_of(crowd, KNOWN, None)).endswith("; and 5 more.")


def test_what_is_no_form_has_no_picture() -> None:
    with pytest.raises(FormUnreadable):
        picture_svg(b"<forms />", known=KNOWN)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=6, max_size=6))
def test_whatever_a_form_calls_its_parts_the_picture_is_well_formed_and_bounded(names: list[str]) -> None:
    # What XML itself cannot carry cannot come out of a form either; of the title we know nothing.
    quoted = [quoteattr(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", name)) for name in names]
    labels = f"<labels><label description={quoted[0]} languagecode='1033' /></labels>"
    part = f"<section name={quoted[1]} id={quoted[2]}>{labels}</section><section id={quoted[3]} />"
    xml = f"<form><tabs><tab name={quoted[4]}><columns><column><sections>{part}</sections></column></columns></tab></tabs></form>"

    svg = picture_svg(xml.encode(), known=KNOWN, title=names[5])

    assert drawn(svg).get("role") == "img"
    assert len(svg) < 10_000
