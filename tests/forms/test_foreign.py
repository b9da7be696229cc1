"""Widgets that somebody else placed."""

from __future__ import annotations

import pytest

from reconciler.forms.locate import locate
from reconciler.model.desired import DesiredWidget
from tests.forms.samples import at, foreign_cell, foreign_description, form, placed, run, section, tab, text_cell
from tests.forms.test_place import names_in

SECOND = "{bbbbbbbb-0000-4000-8000-00000000000b}"


def by_hand(attributes: str = "", cell: str = "", padding: str = "", extra: str = "") -> bytes:
    """A form on which a person has put the network widget into the section `Mine`."""
    row = f"<row>{foreign_cell(attributes=cell, extra=extra)}</row>"
    mine = f'<section name="Mine" id="{{mine-id}}"{attributes}><rows>{row}{padding}</rows></section>'
    return form(
        tab("T", section("a", text_cell("x")) + mine, section("b")),
        after=f"<controlDescriptions>{foreign_description()}</controlDescriptions>",
    )


def test_somebody_elses_widget_satisfies_presence_and_keeps_its_place_and_looks() -> None:
    wish = DesiredWidget("network", label="Ours", rows=4, form_factors=("web",))

    done = run(by_hand(), wish)

    assert (done.xml, done.edits, done.findings) == (by_hand(), (), ())
    assert done.placements["network"].label == "By hand"


@pytest.mark.parametrize(
    ("anchor", "codes"),
    [
        ({"column": 1}, []),
        ({"after": "a"}, []),
        ({"position": "last"}, []),
        ({"tab": "T", "column": 2}, ["foreign-widget-elsewhere"]),
        ({"position": "first"}, ["foreign-widget-elsewhere"]),
        ({"before": "a"}, ["foreign-widget-elsewhere"]),
        ({"after": "Mine"}, ["foreign-widget-elsewhere"]),
        ({"before": "Mine"}, ["foreign-widget-elsewhere"]),
    ],
)
def test_elsewhere_than_asked_is_a_finding(anchor: dict[str, str | int], codes: list[str]) -> None:
    done = run(by_hand(), at("network", **anchor))

    assert [each.code for each in done.findings] == codes
    assert done.edits == ()


@pytest.mark.parametrize("before", [by_hand(attributes=' visible="false"'), by_hand(cell=' visible="false"')])
def test_hidden_is_a_finding_unless_that_is_wished(before: bytes) -> None:
    assert [each.code for each in run(before, "network").findings] == ["foreign-widget-hidden"]
    assert run(before, DesiredWidget("network", visible=False)).findings == ()
    assert run(before, "network").edits == ()


def test_in_the_header_it_counts_as_present_and_elsewhere() -> None:
    header = f'<header id="{{h}}"><rows><row>{foreign_cell(attributes=" visible=" + chr(34) + "false" + chr(34))}</row></rows></header>'
    before = form(tab("T", section("a")), header=header, after=f"<controlDescriptions>{foreign_description()}</controlDescriptions>")

    done = run(before, at("network", tab="T"))

    assert [each.code for each in done.findings] == ["foreign-widget-elsewhere", "foreign-widget-hidden"]
    assert "header" in done.findings[0].message
    assert done.placements["network"].tab is None
    assert names_in(placed(before, at("network", tab="T"), exclusive=True), "T", 1) == ["a", "ri_network"]
    assert run(before, "network", exclusive=True).edits == ()


def test_exclusive_moves_the_cell_and_its_rows_and_leaves_the_section() -> None:
    before = by_hand(cell=' rowspan="3"', padding="<row /><row></row><row />")

    done = run(before, at("network", tab="T", column=2, position="first"), exclusive=True)

    assert [each.action for each in done.edits] == ["move"]
    assert names_in(done.xml, "T", 1) == ["a", "Mine"]
    assert names_in(done.xml, "T", 2) == ["ri_network", "b"]
    assert b'<section name="Mine" id="{mine-id}"><rows><row></row><row /></rows></section>' in done.xml
    assert b'uniqueid="{AAAAAAAA-0000-4000-8000-00000000000A}"' in done.xml
    assert foreign_description().encode() in done.xml
    assert run(done.xml, at("network", tab="T", column=2, position="first"), exclusive=True).edits == ()
    assert run(done.xml, "network").placements["network"].rows == 3


def test_exclusive_moves_it_beside_the_section_that_it_stood_in() -> None:
    assert names_in(placed(by_hand(), at("network", after="Mine"), exclusive=True), "T", 1) == ["a", "Mine", "ri_network"]


def test_exclusive_takes_over_what_does_not_look_as_written() -> None:
    wish = DesiredWidget("network", label="Ours", rows=2, visible=True, form_factors=("web",))

    done = run(by_hand(attributes=' visible="false"'), wish, exclusive=True)

    after = done.placements["network"]
    assert (after.section, after.label, after.rows, after.visible, after.form_factors) == ("ri_network", "Ours", 2, True, ("web",))
    assert run(done.xml, wish, exclusive=True).edits == ()


def test_exclusive_leaves_what_suits() -> None:
    done = run(by_hand(), DesiredWidget("network", label="By hand", rows=1, visible=True), exclusive=True)

    assert (done.xml, done.edits, done.findings) == (by_hand(), (), ())


def test_exclusive_uses_a_section_of_ours_that_stands_empty() -> None:
    before = by_hand().replace(section("b").encode(), section("ri_network").encode())

    done = run(before, at("network", tab="T", column=2), exclusive=True)

    assert names_in(done.xml, "T", 2) == ["ri_network"]
    assert run(done.xml, at("network", tab="T", column=2), exclusive=True).edits == ()


def test_an_empty_section_of_ours_goes_when_somebody_elses_widget_suits() -> None:
    before = by_hand().replace(section("b").encode(), section("b").encode() + section("ri_network").encode())

    done = run(before, "network")

    assert done.xml == by_hand()
    assert [each.action for each in done.edits] == ["repair"]


def test_a_second_one_beside_ours_is_a_finding_and_goes_when_exclusive() -> None:
    ours = placed(form(tab("T", section("a"))), "network")
    both = ours.replace(section("a").encode(), section("a", foreign_cell()).encode())
    both = both.replace(b"</controlDescriptions>", foreign_description().encode() + b"</controlDescriptions>")

    assert [each.code for each in run(both, "network").findings] == ["foreign-widget-duplicate"]
    assert run(both, "network").edits == ()
    done = run(both, "network", exclusive=True)
    assert [(each.action, each.after) for each in done.edits] == [("remove", None)]
    assert done.xml == ours.replace(section("a").encode(), section("a", "").encode())
    assert placed(both, exclusive=False).count(b"Demo.Network.Widget") == 3


def test_of_two_of_somebody_elses_exclusive_keeps_the_one_that_suits() -> None:
    second = foreign_cell(SECOND).replace("cell-foreign", "cell-second")
    before = form(
        tab("T", section("a", foreign_cell()), section("b", second)),
        after=f"<controlDescriptions>{foreign_description()}{foreign_description(link=SECOND)}</controlDescriptions>",
    )
    for column, kept in ((1, "{AAAAAAAA-0000-4000-8000-00000000000A}"), (2, SECOND)):
        wish = at("network", tab="T", column=column)
        done = run(before, wish, exclusive=True)
        assert [each.action for each in done.edits] == ["remove"]
        assert [each.get("uniqueid") for each in locate(done.xml).controls] == [kept]
        assert run(done.xml, wish, exclusive=True).edits == ()


def test_without_being_wanted_somebody_elses_goes_only_when_exclusive() -> None:
    assert placed(by_hand()) == by_hand()

    done = run(by_hand(), exclusive=True)

    assert [each.action for each in done.edits] == ["remove"]
    assert names_in(done.xml, "T", 1) == ["a", "Mine"]
    assert locate(done.xml).descriptions == ()
    assert run(done.xml, exclusive=True).edits == ()


def test_a_widget_that_is_bound_to_a_column_is_never_moved_or_removed() -> None:
    bound = by_hand(extra=' datafieldname="name"')

    for wanted in ([], [at("network", column=2)]):
        done = run(bound, *wanted, exclusive=True)
        assert (done.xml, done.edits) == (bound, ())
        assert "foreign-widget-bound" in [each.code for each in done.findings]


def test_a_description_that_two_controls_share_stays_for_the_other() -> None:
    twice = by_hand().replace(section("b").encode(), section("b", foreign_cell().replace("cell-foreign", "cell-second")).encode())

    done = run(twice, "network", exclusive=True)

    assert [each.action for each in done.edits] == ["remove"]
    assert len(locate(done.xml).descriptions) == 1
    assert len([each for each in locate(done.xml).controls if each.get("uniqueid")]) == 1


def test_ours_in_a_hidden_tab_is_a_finding() -> None:
    hidden = tab("Hidden", section("h"), attributes=' visible="false"')
    before = form(tab("T", section("a")), hidden)

    done = run(before, at("network", tab="Hidden"))

    assert [each.code for each in done.findings] == ["widget-in-hidden-section"]
    assert "Hidden" in done.findings[0].message
    assert run(done.xml, DesiredWidget("network", visible=False)).findings == ()
