"""The canonical tree, and comparing two copies of a form by it."""

from __future__ import annotations

import pytest
from deepdiff import DeepDiff

from reconciler.forms.locate import FormUnreadable
from reconciler.forms.meaning import meaning
from reconciler.forms.reconcile import differs_only_by_ours
from tests.forms.samples import COMPACT, FORM_ID, KNOWN, PRETTY, at, foreign_cell, form, placed, section, tab

GUID = "{0a0a0a0a-0000-4000-8000-00000000000b}"
LEFT = f'<form b="2" a="1"><tab id="{GUID}"><x>  text </x><link>{GUID}</link></tab><y /></form>'.encode()
RIGHT = (
    b'\r\n<form  a=\'1\'\n b=\'2\'>\n<!-- note --><tab labelid="z" ordinalvalue="3" id="0A0A0A0A-0000-4000-8000-00000000000B">'
    b"<x>te<![CDATA[x]]>&#116;</x><link>0A0A0A0A-0000-4000-8000-00000000000B</link></tab>\n<?p i?><y></y></form>"
)


def same(left: bytes, right: bytes) -> bool:
    """Whether the two copies differ only by the widgets of the tests."""
    return differs_only_by_ours(left, right, form_id=FORM_ID, known=KNOWN)


def test_what_the_service_may_rewrite_is_no_part_of_the_meaning() -> None:
    assert meaning(LEFT) == meaning(RIGHT)


def test_the_tree_is_plain_and_says_only_what_is_there() -> None:
    expected = {
        "tag": "form",
        "attributes": {"a": "1", "b": "2"},
        "children": [
            {
                "tag": "tab",
                "attributes": {"id": GUID[1:-1]},
                "children": [{"tag": "x", "text": "text"}, {"tag": "link", "text": GUID[1:-1]}],
            },
            {"tag": "y"},
        ],
    }

    assert meaning(LEFT) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'a="1"', b'a="2"'),
        (b"text", b"other"),
        (b"<y />", b""),
        (b"<y />", b"<z />"),
        (b"<y />", b"<y /><y />"),
        (b"-00000000000b", b"-00000000000c"),
    ],
)
def test_everything_else_is(old: bytes, new: bytes) -> None:
    assert meaning(LEFT) != meaning(LEFT.replace(old, new))


def test_a_difference_can_be_shown_by_deepdiff() -> None:
    found = DeepDiff(meaning(LEFT), meaning(LEFT.replace(b'a="1"', b'a="2"')))

    assert found["values_changed"] == {"root['attributes']['a']": {"new_value": "2", "old_value": "1"}}


def test_what_is_no_form_has_no_meaning() -> None:
    with pytest.raises(FormUnreadable):
        meaning(b"<form>")


@pytest.mark.parametrize("base", [COMPACT, PRETTY])
def test_copies_that_differ_by_our_widgets_alone_are_told_from_others(base: bytes) -> None:
    with_one = placed(base, "charts")
    with_two = placed(base, at("network", column=1), "team-health")

    assert same(base, with_one)
    assert same(with_one, with_two)
    assert same(with_two, with_two)
    assert not same(with_one, with_two.replace(b"datafieldname", b"disabled"))
    assert not same(base, base.replace(b"<form", b"<form new='1'"))


def test_a_rewritten_copy_is_the_same() -> None:
    rewritten = placed(COMPACT, "charts").replace(b'" ', b'"\n  ').replace(b"><", b">\n<")

    assert same(COMPACT, rewritten)


def test_somebody_elses_widget_is_a_difference() -> None:
    assert not same(form(tab("T", section("a"))), form(tab("T", section("a", foreign_cell()))))


def test_copies_that_cannot_be_read_are_the_same_only_byte_for_byte() -> None:
    assert same(b"<form>", b"<form>")
    assert not same(b"<form>", b"<form> ")
    assert not same(COMPACT, b"<form>")


def test_a_crowded_copy_is_not_compared() -> None:
    crowd = form(tab("T", section("ri_network") * 60))

    assert not same(crowd, crowd + b"\n")
