"""Moving and changing a widget of ours that is on the form."""

from __future__ import annotations

import pytest

from reconciler.forms.locate import locate
from reconciler.model.desired import DesiredWidget
from tests.forms.samples import COMPACT, PRETTY, at, form, placed, run, section, tab, text_cell
from tests.forms.test_place import names_in

THERE = placed(COMPACT, "network", "team-health")


def test_what_is_not_written_is_not_compared() -> None:
    odd = THERE.replace(b'name="ri_network__d"', b'name="ri_network__d" visible="false"').replace(b'"Network"', b'"Changed by hand"')
    odd = odd.replace(b'rowspan="3"', b'rowspan="7"')

    done = run(odd, "network", "team-health")

    assert done.edits == ()
    assert done.xml == odd
    assert done.placements["network"].rows == 7


@pytest.mark.parametrize(
    ("anchor", "stays"),
    [
        ({"tab": "Summary"}, True),
        ({"tab": "Summary", "column": 2}, True),
        ({"column": 2}, True),
        ({"position": "last"}, True),
        ({"after": "Timeline"}, True),
        ({"tab": "Summary", "after": "Timeline"}, True),
        ({}, True),
        ({"after": "Company"}, False),
        ({"before": "Company"}, False),
        ({"position": "first"}, False),
        ({"tab": "More"}, False),
        ({"column": 1}, False),
        ({"before": "Extra"}, False),
        ({"before": "Timeline"}, False),
        ({"tab": "Summary", "after": "ri_network"}, True),
    ],
)
def test_a_widget_moves_only_when_it_is_not_where_the_anchor_asks(anchor: dict[str, str | int], stays: bool) -> None:
    done = run(THERE, "network", at("team-health", **anchor))

    assert [each.action for each in done.edits] == ([] if stays else ["move"])
    placed(THERE, "network", at("team-health", **anchor))


def test_a_move_keeps_the_section_as_it_is() -> None:
    start = THERE.index(b'<section name="ri_team')
    text = THERE[start : THERE.index(b"</section>", start) + len(b"</section>")]

    done = run(THERE, "network", at("team-health", before="Contact"))

    assert text in done.xml
    assert names_in(done.xml, "Summary", 1) == ["Details", "ri_team_health__d", "Contact"]
    edit = done.edits[0]
    assert edit.before is not None
    assert edit.after is not None
    assert (edit.action, edit.before.column, edit.after.column) == ("move", 2, 1)


def test_a_move_leaves_nothing_open_behind_and_opens_what_it_needs() -> None:
    there = placed(PRETTY, at("charts", column=2), at("network", column=1))

    moved = placed(there, at("charts", column=3), at("network", column=1))

    assert b"<sections/>" in moved
    assert names_in(moved, "general", 3) == ["ri_charts__cn"]
    back = placed(moved, at("charts", column=1, position="first"), at("network", column=2))
    assert b'<column width="25%" />' in back
    assert placed(back) == PRETTY


def test_a_label_changes_in_the_section_and_in_the_cell() -> None:
    done = run(THERE, DesiredWidget("network", label="Wer kennt wen"), "team-health")

    assert done.xml.count(b'"Wer kennt wen"') == 2
    assert [each.action for each in done.edits] == ["change"]
    assert done.xml == THERE.replace(b'description="Network"', b'description="Wer kennt wen"')


def test_a_label_in_a_further_language_leaves_the_others() -> None:
    done = run(THERE, DesiredWidget("network", label="Réseau"), "team-health", language=1036)

    assert 'description="Network" languagecode="1033" /><label description="Réseau" languagecode="1036" />'.encode() in done.xml
    assert run(done.xml, DesiredWidget("network", label="Network"), "team-health").edits == ()


@pytest.mark.parametrize("labels", [b"", b"<labels />", b"<labels></labels>"])
def test_a_label_comes_back_when_its_labels_are_gone(labels: bytes) -> None:
    bare = THERE.replace(b'<labels><label description="Network" languagecode="1033" /></labels>', labels)

    after = placed(bare, DesiredWidget("network", label="Network"), "team-health")

    assert after.replace(b"<labels >", b"<labels>").count(b'<labels><label description="Network" languagecode="1033" /></labels>') == 2


@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_a_new_height_brings_its_rows(rows: int) -> None:
    after = placed(THERE, DesiredWidget("network", rows=rows), "team-health")

    start = after.index(b'<section name="ri_network')
    inside = after[start : after.index(b"</section>", start)]
    assert f'rowspan="{rows}"'.encode() in inside
    assert inside.count(b"<row />") == rows - 1
    assert placed(after) == COMPACT


def test_a_height_that_is_no_number_counts_as_one_row() -> None:
    odd = THERE.replace(b'rowspan="3"', b'rowspan="many"')

    assert run(odd, DesiredWidget("network", rows=1), "team-health").edits == ()
    assert run(odd, "network", "team-health").placements["network"].rows == 1


def test_a_widget_is_hidden_and_shown_again() -> None:
    hidden = placed(THERE, DesiredWidget("network", visible=False), "team-health")
    hidden_twice = hidden.replace(b'<cell locklevel="0"', b'<cell visible="false" locklevel="0"')
    shown = placed(hidden_twice, DesiredWidget("network", visible=True), "team-health")

    assert run(hidden, "network", "team-health").placements["network"].visible is False
    assert run(shown, "network", "team-health").placements["network"].visible is True


def test_form_factors_that_stay_keep_their_parameters_and_new_ones_get_the_same() -> None:
    rich = THERE.replace(
        b'formFactor="2" name="Demo.Network.Widget"><parameters />',
        b'formFactor="2" name="Demo.Network.Widget"><parameters><a>1</a></parameters>',
    )
    web = placed(rich, DesiredWidget("network", form_factors=("web",)), "team-health")
    both = placed(web, DesiredWidget("network", form_factors=("web", "phone")), "team-health")

    assert web.count(b"Demo.Network.Widget") == 1
    assert both.count(b'name="Demo.Network.Widget"><parameters><a>1</a></parameters></customControl>') == 2
    assert run(both, "network", "team-health").placements["network"].form_factors == ("web", "phone")


def test_form_factors_may_change_altogether() -> None:
    phone = placed(THERE, DesiredWidget("network", form_factors=("phone",)), "team-health")
    tablet = placed(phone, DesiredWidget("network", form_factors=("tablet",)), "team-health")

    assert b'<customControl formFactor="1" name="Demo.Network.Widget"><parameters /></customControl></controlDescription>' in tablet
    assert placed(tablet) == COMPACT


def test_a_custom_control_without_parameters_is_fine() -> None:
    bare = THERE.replace(
        b'<customControl formFactor="0" name="Demo.Network.Widget"><parameters /></customControl>',
        b"",
    ).replace(b'name="Demo.Network.Widget"><parameters /></customControl>', b'name="Demo.Network.Widget" />')

    after = placed(bare, DesiredWidget("network", form_factors=("web", "tablet", "phone")), "team-health")

    assert b'<customControl formFactor="0" name="Demo.Network.Widget"><parameters /></customControl>' in after


def test_a_control_that_a_person_dragged_elsewhere_stays_ours() -> None:
    dragged = _dragged(THERE)

    assert run(dragged, "network", "team-health").edits == ()
    assert placed(dragged, "team-health") == placed(COMPACT, "team-health")


def test_a_dragged_control_comes_back_into_a_section_of_its_own_when_a_place_is_written() -> None:
    after = placed(_dragged(THERE), at("network", tab="Summary", column=1, position="first"), "team-health")

    assert names_in(after, "Summary", 1) == ["ri_network__d", "Details", "Contact"]
    assert placed(after) == COMPACT


def test_a_dragged_control_is_changed_where_it_is() -> None:
    wish = DesiredWidget("network", label="Ours", rows=1, visible=False)

    after = placed(_dragged(THERE), wish, "team-health")

    found = run(after, wish, "team-health").placements["network"]
    assert (found.section, found.label, found.rows, found.visible) == ("Extra", "Ours", 1, False)
    assert placed(after) == COMPACT


def test_rows_beside_other_cells_are_left_to_them() -> None:
    wide = form(tab("T", section("a", text_cell("b")) + section("c")))
    there = placed(wide, "network")
    cell = there[there.index(b"<cell locklevel") : there.index(b"</cell>", there.index(b"<cell locklevel")) + 7]
    tall = b'<cell id="{tall}" rowspan="2"><control id="tall" classid="x" /></cell>'
    mixed = wide.replace(b"</row></rows>", b"</row><row>" + tall + cell + b"</row><row /><row /></rows>", 1)
    mixed = mixed.replace(b"<controlDescriptions />", there[there.index(b"<controlDescriptions") : there.index(b"</form>")])

    taller = placed(mixed, DesiredWidget("network", rows=5))
    lower = placed(mixed, DesiredWidget("network", rows=1))
    gone = placed(mixed)

    assert taller.count(b"<row />") == 4
    assert lower.count(b"<row />") == 1
    assert gone.count(b"<row />") == 1
    assert tall in gone
    assert len(list(locate(gone).cells)) == 2


def _dragged(there: bytes) -> bytes:
    """Our network cell with its rows, in somebody else's section at the end of the form; our own section is gone."""
    start = there.index(b'<section name="ri_network')
    whole = there[start : there.index(b"</section>", start) + len(b"</section>")]
    rows = whole[whole.index(b"<rows>") + 6 : whole.index(b"</rows>")]
    end = there.rindex(b"</rows>")
    moved = there[:end] + rows + there[end:]
    return moved.replace(whole, b"")
