"""The drawing of a form's grid."""

from __future__ import annotations

import pytest

from reconciler.forms.locate import FormUnreadable
from reconciler.forms.picture import picture
from tests.forms.samples import COMPACT, KNOWN, at, foreign_cell, foreign_description, form, placed, section, tab


def test_the_grid_shows_tabs_columns_sections_and_marks_widgets() -> None:
    after = placed(COMPACT, at("network", tab="Summary", column=1, after="Details"), at("charts", tab="More"))

    assert picture(after, known=KNOWN, width=60) == "\n".join(
        [
            '[Summary "Overview"]',
            "+----------------------------+----------------------------+",
            '| Details "Details of the l… | Company                    |',
            '| ri_network__d "Network"    | Timeline                   |',
            "|   * network                |                            |",
            "| Contact                    |                            |",
            "+----------------------------+----------------------------+",
            "[More]",
            "+----------------------------------------------------------+",
            "| Extra                                                    |",
            '| ri_charts__d "Charts"                                    |',
            "|   * charts                                               |",
            "+----------------------------------------------------------+",
        ]
    )


def test_hidden_parts_and_other_peoples_widgets_are_told() -> None:
    header = f"<header><rows><row>{foreign_cell()}</row></rows></header>"
    hidden = tab("T", section("a", foreign_cell(), attributes=' visible="false"'), "", attributes=' visible="false"')
    xml = form(hidden, "<tab />", header=header, after=f"<controlDescriptions>{foreign_description()}</controlDescriptions>")

    lines = picture(xml, known=KNOWN).splitlines()

    assert [line.rstrip(" |") for line in lines if not line.startswith("+")] == [
        "[T] (hidden)",
        "| a (hidden)                          | (empty)",
        "|   o network (not ours)",
        "[(no name)]",
        "(no columns)",
        "[header] o network (not ours)",
    ]


def test_a_control_of_ours_without_its_description_is_half() -> None:
    there = placed(COMPACT, "network")

    half = there[: there.index(b"<controlDescriptions")] + b"</form>"

    assert "* network (half)" in picture(half, known=KNOWN)


def test_nothing_of_the_form_can_move_the_cursor_or_break_the_frame() -> None:
    nasty = tab("T", section("a&#10;b&#x85;&#x202E;c&#9;d", label="e\u0301 \u8ab0\u8ab0\u8ab0 \u200b\u2028"), section("w" * 500))

    drawn = picture(form(nasty), known=KNOWN, width=50)

    assert all(each == "\n" or each.isprintable() for each in drawn)
    assert [len(line) for line in drawn.splitlines() if line.startswith("+")] == [49, 49]
    assert "a b" not in drawn
    assert "abcd" in drawn


@pytest.mark.parametrize("width", [24, 40, 78, 120])
def test_no_line_is_wider_than_asked(width: int) -> None:
    columns = [section("\u8ab0" * 40, label="long " * 40)] * 3

    assert all(len(line) <= width for line in picture(form(tab("T" * 300, *columns)), known=KNOWN, width=width).splitlines())


def test_a_form_without_tabs_and_a_very_long_one_are_bounded() -> None:
    long = form(*[tab(f"t{i}", section("a")) for i in range(300)])

    assert picture(b"<form />", known=KNOWN) == "(no tabs)"
    assert picture(long, known=KNOWN).splitlines()[-1] == "… and 800 more lines"


def test_what_is_no_form_has_no_picture() -> None:
    with pytest.raises(FormUnreadable):
        picture(b"", known=KNOWN)


def test_a_note_stays_whole_where_a_name_is_too_long_for_its_column() -> None:
    away = ' visible="false"'
    wide = form(tab("T" * 200, section("a" * 200, attributes=away), section("b"), attributes=away))
    narrow = form(tab("T", *[section("a" * 200, attributes=away)] * 5))

    assert picture(wide, known=KNOWN, width=60).splitlines()[0].endswith("… (hidden)")
    assert "| aaaaaaaaaaaaaaaa… (hidden) |" in picture(wide, known=KNOWN, width=59)
    assert "| aaaaaaaa… |" in picture(narrow, known=KNOWN, width=61)
