"""Taking widgets of ours away, and completing what is half there."""

from __future__ import annotations

import itertools

import pytest

from reconciler.forms.locate import locate
from reconciler.model.desired import DesiredWidget
from tests.forms.samples import COMPACT, NAMES, PRETTY, at, foreign_cell, foreign_description, form, placed, run, section, tab, text_cell
from tests.forms.test_place import names_in


@pytest.mark.parametrize("before", [COMPACT, PRETTY, PRETTY.replace(b"\n", b"\r\n"), PRETTY.replace(b"\n", b"")])
@pytest.mark.parametrize("order", list(itertools.permutations(NAMES)))
def test_removal_in_any_order_gives_the_bytes_from_before(before: bytes, order: tuple[str, ...]) -> None:
    there = before
    for count in range(1, 4):
        there = placed(there, *order[:count])
    left = list(NAMES)
    for name in reversed(order[1:] + order[:1]):
        left.remove(name)
        there = placed(there, *left)

    assert there == before


def test_nothing_wanted_and_nothing_ours_is_nothing_to_do() -> None:
    done = run(PRETTY)

    assert (done.xml, done.edits, done.findings, done.problems, dict(done.placements)) == (PRETTY, (), (), (), {})


def test_a_removal_says_where_the_widget_was() -> None:
    done = run(placed(COMPACT, "charts"))

    assert [(each.action, each.widget, each.after, each.origin) for each in done.edits] == [("remove", "charts", None, None)]
    assert done.edits[0].before is not None
    assert done.edits[0].before.section == "ri_charts__d"


def test_our_section_stays_while_somebody_elses_control_is_in_it() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b'name="ri_network')
    end = there.index(b"</rows>", start)
    guest = there[:end] + b"<row>" + text_cell("guest").encode() + b"</row>" + there[end:]

    done = run(guest)

    assert [each.action for each in done.edits] == ["remove"]
    assert [each.code for each in done.findings] == ["our-section-kept"]
    assert names_in(done.xml, "Summary", 2) == ["Company", "Timeline", "ri_network__d"]
    assert b"<controlDescriptions />" in done.xml
    assert b'ri_network"' not in done.xml
    assert run(done.xml).edits == ()
    again = run(done.xml, "network")
    assert [each.action for each in again.edits] == ["add"]
    assert names_in(again.xml, "Summary", 2) == ["Company", "Timeline", "ri_network__d"]
    assert run(again.xml, "network").edits == ()


def test_an_empty_section_of_ours_goes_with_what_is_not_wanted() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b"<rows>", there.index(b'name="ri_network'))
    empty = there[:start] + b"<rows />" + there[there.index(b"</section>", start) :]

    after = placed(empty)

    assert names_in(after, "Summary", 2) == ["Company", "Timeline"]
    assert after == COMPACT


@pytest.mark.parametrize("rows", [b"", b"<rows/>", b"<rows></rows>"])
def test_an_empty_section_of_ours_is_filled_again(rows: bytes) -> None:
    there = placed(COMPACT, "network")
    start = there.index(b"<rows>", there.index(b'name="ri_network'))
    empty = there[:start] + rows + there[there.index(b"</section>", start) :]

    done = run(empty, "network")

    assert [each.action for each in done.edits] == ["repair"]
    assert names_in(done.xml, "Summary", 2) == ["Company", "Timeline", "ri_network__d"]
    assert placed(done.xml) == COMPACT


def test_a_bare_section_of_ours_learns_what_had_to_be_opened() -> None:
    bare = form(tab("T", section("ri_network")))

    done = run(bare, "network")

    assert names_in(done.xml, "T", 1) == ["ri_network__d"]
    assert b"<controlDescriptions />" in placed(done.xml)


@pytest.mark.parametrize(
    ("rest", "afterwards"),
    [
        (b"<controlDescriptions />", b"<controlDescriptions />"),
        (b"", b""),
        (b"<controlDescriptions></controlDescriptions>", b"<controlDescriptions/>"),
    ],
)
def test_controls_of_ours_get_their_lost_descriptions_back(rest: bytes, afterwards: bytes) -> None:
    there = placed(COMPACT, "network", "charts")
    half = there[: there.index(b"<controlDescriptions")] + rest + b"</form>"

    done = run(half, "network", "charts")

    assert [each.action for each in done.edits] == ["repair", "repair"]
    assert run(done.xml, "network", "charts").edits == ()
    assert placed(done.xml) == COMPACT.replace(b"<controlDescriptions />", afterwards)


def test_a_control_of_ours_without_link_and_description_is_completed() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b"<controlDescriptions")
    half = there[:start] + b"<controlDescriptions /></form>"
    link = half[half.index(b"uniqueid=") - 1 : half.index(b"}", half.index(b"uniqueid=")) + 2]

    after = placed(half.replace(link, b""), DesiredWidget("network", form_factors=("web",)))

    assert after.count(b"Demo.Network.Widget") == 1
    assert placed(after) == COMPACT


def test_a_description_of_ours_that_names_something_else_is_written_again() -> None:
    odd = placed(COMPACT, "network").replace(b"Demo.Network.Widget", b"Demo.Other")

    after = placed(odd, "network")

    assert after.count(b"Demo.Network.Widget") == 3
    assert b"Demo.Other" not in after


def test_a_description_of_ours_without_its_control_goes_or_gets_a_new_control() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b'<section name="ri_network')
    half = there[:start] + there[there.index(b"</section>", start) + len(b"</section>") :]

    gone, whole = run(half), run(half, "network")

    assert [each.action for each in gone.edits] == ["remove"]
    assert locate(gone.xml).descriptions == ()
    assert [each.action for each in whole.edits] == ["repair"]
    assert len(locate(whole.xml).descriptions) == 1
    assert run(whole.xml, "network").edits == ()


def test_of_two_copies_of_ours_one_is_kept() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b'<section name="ri_network')
    copy = there[start : there.index(b"</section>", start) + len(b"</section>")]
    twice = there.replace(b"</sections>", copy + b"</sections>", 1)

    done = run(twice, "network")

    assert [each.action for each in done.edits] == ["repair"]
    assert len(locate(done.xml).descriptions) == 1
    assert run(done.xml, "network").edits == ()
    assert placed(twice) == COMPACT


def test_two_controls_in_one_section_of_ours_both_go() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b"<row>", there.index(b'name="ri_network'))
    row = there[start : there.index(b"</row>", start) + len(b"</row>")]
    twice = there.replace(row, row + row)

    assert placed(twice) == COMPACT


def test_orphans_of_others_stay() -> None:
    orphan = form(tab("T", section("a")), after=f"<controlDescriptions>{foreign_description()}</controlDescriptions>")
    bare = form(tab("T", section("a", foreign_cell())))

    assert placed(placed(orphan, "network")) == orphan
    assert placed(placed(bare, "network")) == bare
    assert [each.action for each in run(orphan, "network").edits] == ["add"]


def test_a_form_copied_from_another_one_keeps_its_widget_by_the_name_of_its_section() -> None:
    from reconciler.forms.reconcile import reconcile
    from tests.forms.samples import KNOWN

    copied = placed(COMPACT, at("network", column=1))
    other = reconcile(copied, form_id="copy", wanted=[], known=KNOWN, language=1033)

    assert other.xml == COMPACT


def test_a_form_with_dozens_of_copies_is_refused() -> None:
    crowd = form(tab("T", "".join(section(f"ri_network__{'sacdn'[i % 5]}") for i in range(51))))

    done = run(crowd, "network")

    assert [each.code for each in done.problems] == ["too-many-widgets"]
    assert done.xml == crowd


def test_a_second_description_of_the_same_control_goes() -> None:
    there = placed(COMPACT, "network")
    start = there.index(b"<controlDescription ")
    end = there.index(b"</controlDescriptions>")
    twice = there[:end] + there[start:end] + there[end:]

    assert placed(twice, "network") == there
    assert placed(twice) == COMPACT


def test_an_empty_section_of_ours_beside_the_one_in_use_goes() -> None:
    there = placed(COMPACT, "network")
    twice = there.replace(b"</sections>", section("ri_network__d").encode() + b"</sections>", 1)

    assert placed(twice, "network") == there
