"""Placing a widget that is not on the form."""

from __future__ import annotations

import re

import pytest

from reconciler.forms.locate import locate
from reconciler.forms.meaning import meaning
from reconciler.forms.reconcile import reconcile
from reconciler.model.change import Placement
from reconciler.model.desired import DesiredWidget
from reconciler.model.source import Origin, SourceSpan
from tests.forms.samples import COMPACT, HEALTH, KNOWN, PRETTY, at, form, placed, run, section, tab, text_cell


def names_in(xml: bytes, tab_name: str, column: int) -> list[str]:
    found = next(each for each in locate(xml).tabs if each.name == tab_name)
    return [each.name for each in found.columns[column - 1].sections]


def test_by_default_a_widget_goes_last_into_the_last_column_of_the_first_visible_tab() -> None:
    hidden = tab("Hidden", section("h"), attributes=' visible="false"')

    after = placed(form(hidden, tab("Shown", section("a"), section("b"))), "network")

    assert names_in(after, "Shown", 2) == ["b", "ri_network__d"]


def test_a_form_whose_tabs_are_all_hidden_gets_it_in_the_first() -> None:
    after = placed(form(tab("One", section("a"), attributes=' visible="0"'), tab("Two", "", attributes=' visible="false"')), "network")

    assert names_in(after, "One", 1) == ["a", "ri_network__d"]


@pytest.mark.parametrize(
    ("anchor", "column", "expected"),
    [
        ({"tab": "Summary", "column": 1, "position": "first"}, 1, ["ri_network__d", "Details", "Contact"]),
        ({"tab": "Summary", "column": 1, "position": "last"}, 1, ["Details", "Contact", "ri_network__d"]),
        ({"tab": "Summary", "column": 1}, 1, ["Details", "Contact", "ri_network__d"]),
        ({"tab": "Summary"}, 2, ["Company", "Timeline", "ri_network__d"]),
        ({"tab": "Overview", "column": 1}, 1, ["Details", "Contact", "ri_network__d"]),
        ({"tab": "SUMMARY-ID", "column": 1}, 1, ["Details", "Contact", "ri_network__d"]),
        ({"tab": "Summary", "column": 1, "after": "Details"}, 1, ["Details", "ri_network__d", "Contact"]),
        ({"tab": "Summary", "after": "Details of the lead"}, 1, ["Details", "ri_network__d", "Contact"]),
        ({"after": "{Contact-ID}"}, 1, ["Details", "Contact", "ri_network__d"]),
        ({"before": "Timeline"}, 2, ["Company", "ri_network__d", "Timeline"]),
        ({"column": 2, "before": "Company"}, 2, ["ri_network__d", "Company", "Timeline"]),
    ],
)
def test_an_anchor_names_the_place(anchor: dict[str, str | int], column: int, expected: list[str]) -> None:
    after = placed(COMPACT, at("network", **anchor))

    assert names_in(after, "Summary", column) == expected


def test_widgets_with_the_same_anchor_stand_in_the_order_of_the_file() -> None:
    first: dict[str, str | int] = {"tab": "Summary", "column": 1, "position": "first"}
    after = placed(COMPACT, at("charts", **first), at("network", **first))

    assert names_in(after, "Summary", 1) == ["ri_charts__d", "ri_network__d", "Details", "Contact"]


def test_one_more_widget_takes_its_place_in_the_order_of_the_file() -> None:
    last: dict[str, str | int] = {"tab": "Summary", "column": 1, "position": "last"}
    before = placed(COMPACT, at("network", **last), at("charts", **last))

    after = placed(before, at("network", **last), at("team-health", **last), at("charts", **last))

    assert names_in(after, "Summary", 1) == ["Details", "Contact", "ri_network__d", "ri_team_health__d", "ri_charts__d"]


def test_a_widget_may_be_placed_beside_another_of_ours_that_comes_later_in_the_file() -> None:
    wanted = (at("network", after="ri_charts"), at("charts", after="Details"), at("team-health", before="charts"))

    after = placed(COMPACT, *wanted)

    assert names_in(after, "Summary", 1) == ["Details", "ri_team_health__d", "ri_charts__d", "ri_network__d", "Contact"]


def test_the_new_parts_are_complete_and_linked() -> None:
    wish = DesiredWidget("team-health", label='A "b" & <c>\n', rows=2, form_factors=("phone", "web"))
    done = run(form(tab("T", section("a")), after=""), wish)

    cell = next(locate(done.xml).cells)
    description = locate(done.xml).descriptions[0].element
    assert cell.control is not None
    assert cell.row.parent is not None
    link = cell.control.get("uniqueid") or ""
    assert re.fullmatch(r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", link)
    assert cell.control.attributes == {
        "id": "ri_team_health",
        "classid": "{F9A8A302-114E-466A-B582-6771B2AE0D92}",
        "isunbound": "true",
        "isrequired": "false",
        "uniqueid": link,
    }
    assert description.get("forControl") == link
    assert cell.element.get("rowspan") == "2"
    assert [len(row.children) for row in cell.row.parent.children] == [1, 0]
    assert [each.attributes for each in description.children] == [
        {"formFactor": "2", "name": "Demo.Health.Widget2"},
        {"formFactor": "0", "name": "Demo.Health.Widget2"},
    ]
    assert done.xml.count(b"<parameters />") == 2
    assert done.placements["team-health"].label == 'A "b" & <c>\n'


def test_what_was_not_written_has_the_defaults_of_the_widget() -> None:
    done = run(COMPACT, "team-health")

    expected = Placement(
        tab="Summary",
        column=2,
        section="ri_team_health__d",
        after="Timeline",
        before=None,
        label="Team health",
        rows=2,
        visible=True,
        form_factors=("web", "tablet", "phone"),
    )
    assert [(each.action, each.before, each.after) for each in done.edits] == [("add", None, expected)]


def test_an_edit_carries_the_place_in_the_file_that_asks_for_it() -> None:
    origin = Origin(SourceSpan("a.yaml", 3, 1))

    assert run(COMPACT, DesiredWidget("charts", origin=origin)).edits[0].origin == origin


def test_a_widget_may_be_placed_hidden() -> None:
    done = run(COMPACT, DesiredWidget("charts", visible=False))

    assert done.placements["charts"].visible is False
    assert done.findings == ()


def test_the_same_form_and_wishes_give_the_same_bytes_and_another_form_other_ids() -> None:
    one, two = run(COMPACT, "charts").xml, run(COMPACT, "charts").xml
    other = reconcile(COMPACT, form_id="other", wanted=[DesiredWidget("charts")], known=KNOWN, language=1033).xml
    braced = reconcile(
        COMPACT, form_id="{7D9C8F0E-1C1B-4C11-9A57-0D5BE1F0A001}", wanted=[DesiredWidget("charts")], known=KNOWN, language=1033
    ).xml

    assert one == two == braced != other


def test_ids_that_are_taken_are_not_used() -> None:
    before = placed(COMPACT, "charts")
    link = next(each.get("uniqueid") for each in locate(before).controls if each.get("id") == "ri_charts")
    assert link is not None
    odd = COMPACT.replace(b"{cell-phone}", link.upper().encode()).replace(b'id="company"', b'id="RI_charts"')

    after = placed(odd, "charts")

    control = next(each for each in locate(after).controls if each.get("id") == "ri_charts_2")
    assert control.get("uniqueid") != link
    assert placed(after) == odd


def test_indented_documents_get_indented_parts_in_their_own_newlines() -> None:
    for newline in (b"\n", b"\r\n"):
        before = PRETTY.replace(b"\n", newline)
        after = placed(before, at("charts", column=1, position="first"))
        lines = after.split(newline)
        start = next(i for i, line in enumerate(lines) if b"ri_charts" in line)
        assert lines[start].startswith(b"            <section name=")
        assert [line.strip() for line in lines[start + 1 : start + 4]] == [
            b"<labels>",
            b'<label description="Charts" languagecode="1033" />',
            b"</labels>",
        ]
        assert lines[start + 2].startswith(b"                <label ")
        assert after.count(newline) == after.count(b"\n")


def test_compact_documents_get_no_white_space() -> None:
    assert b"\n" not in placed(COMPACT, "charts", "network")
    assert b"> <" not in placed(COMPACT, "charts", "network")


def test_everything_else_keeps_its_meaning_and_bytes() -> None:
    after = placed(PRETTY, at("network", column=1), at("charts", column=2), at("team-health", column=3))

    assert placed(after) == PRETTY
    assert meaning(placed(after)) == meaning(PRETTY)


def test_a_label_may_carry_any_language() -> None:
    done = run(COMPACT, DesiredWidget("charts", label="Qui connaît qui — 誰"), language=1036)

    assert 'description="Qui connaît qui — 誰" languagecode="1036"'.encode() in done.xml


def test_every_spec_is_recognised_by_all_its_controls_and_written_with_the_first() -> None:
    old = COMPACT.replace(
        b"<controlDescriptions />",
        b'<controlDescriptions><controlDescription forControl="{cell}"><customControl formFactor="2" name="Demo.Health.Widget" />'
        b"</controlDescription></controlDescriptions>",
    ).replace(b'id="notes"', b'id="notes" uniqueid="CELL"')

    done = run(old, "team-health")

    assert done.edits == ()
    assert done.placements["team-health"].form_factors == ("web",)
    assert HEALTH.controls[0].encode() in run(COMPACT, "team-health").xml


@pytest.mark.parametrize(
    ("columns", "letters"),
    [
        ('<column width="1%"><sections /></column>', "sd"),
        ('<column width="1%"><sections\n/></column>', "sd"),
        ('<column width="1%"><sections></sections></column>', "d"),
        ('<column width="1%"><sections>  </sections></column>', "d"),
        ('<column width="1%"><sections><!-- none --></sections></column>', "d"),
        ('<column width="1%"><events /></column>', "ad"),
        ('<column width="1%"></column>', "ad"),
        ('<column width="1%" />', "cd"),
        ("<column/>", "cd"),
        ("\r\n  <column >\r\n    <sections/>\r\n  </column>\r\n", "sd"),
        ("\n  <column />\n", "cd"),
    ],
)
def test_what_had_to_be_opened_is_in_the_name_and_closed_by_whoever_goes_last(columns: str, letters: str) -> None:
    before = form(f'<tab name="T"><columns>{columns}</columns></tab>')

    both = placed(placed(before, "network"), "network", "charts")

    assert names_in(both, "T", 1) == [f"ri_network__{letters}", f"ri_charts__{letters}"]
    assert placed(placed(both, "network")) == before
    assert placed(placed(both, "charts")) == before


@pytest.mark.parametrize(
    ("descriptions", "letters"),
    [
        ("<controlDescriptions />", "__d"),
        ("<controlDescriptions  id='x'\n/>", "__d"),
        ("<controlDescriptions></controlDescriptions>", ""),
        ("<controlDescriptions>\n</controlDescriptions>", ""),
        ("<controlDescriptions><controlDescription forControl='{x}' /></controlDescriptions>", ""),
        ("", "__n"),
        ("<events />", "__n"),
    ],
)
def test_control_descriptions_come_back_as_they_were(descriptions: str, letters: str) -> None:
    before = form(tab("T", section("a", text_cell("b"))), after=descriptions)

    both = placed(placed(before, "network"), "charts", "network")

    assert names_in(both, "T", 1) == ["a", f"ri_charts{letters}", f"ri_network{letters}"]
    assert placed(placed(both, "network")) == before
    assert placed(placed(both, "charts")) == before


def test_a_container_that_others_use_meanwhile_stays_open() -> None:
    before = form('<tab name="T"><columns><column><sections /></column></columns></tab>')
    busy = placed(before, "network").replace(b"</sections>", section("theirs").encode() + b"</sections>")
    busy = busy.replace(b"</controlDescriptions>", b'<controlDescription forControl="{x}" /></controlDescriptions>')

    after = placed(busy)

    assert names_in(after, "T", 1) == ["theirs"]
    assert b'<controlDescriptions ><controlDescription forControl="{x}" /></controlDescriptions>' in after
