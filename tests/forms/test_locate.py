"""The map of a form and its byte spans."""

from __future__ import annotations

import pytest

from reconciler.forms.locate import FormUnreadable, locate
from reconciler.forms.splice import Splice, SpliceBroken, attribute_set, closed, opened, spliced
from reconciler.forms.tree import LARGEST, Element, parse
from tests.forms.samples import COMPACT, PRETTY


def text_of(element: Element) -> bytes:
    """The bytes that an element spans."""
    return element.source[element.start : element.end]


def test_every_part_is_found_by_its_path() -> None:
    found = locate(PRETTY)

    assert [tab.name for tab in found.tabs] == ["general"]
    assert [column.number for column in found.tabs[0].columns] == [1, 2, 3]
    assert [section.name for section in found.sections] == ["one"]
    assert [control.get("id") for control in found.controls] == ["name"]
    assert found.container is None


def test_spans_are_exact_for_every_way_to_write_an_element() -> None:
    xml = "﻿<form a='x>y' b=\"'/>'\"><é ü='1'/>text/><b >/></b><c></c><!-- <d/> --><![CDATA[<e/>]]><?f <g/>?><h\n/></form>\n".encode()
    root = parse(xml)

    assert [text_of(each).decode() for each in root.children] == ["<é ü='1'/>", "<b >/></b>", "<c></c>", "<h\n/>"]
    assert [each.is_self_closed for each in root.children] == [True, False, False, True]
    assert xml[root.start : root.open_end] == b"<form a='x>y' b=\"'/>'\">"
    assert xml[root.close_start : root.end] == b"</form>"


def test_the_order_of_a_forms_children_does_not_matter() -> None:
    turned = COMPACT.replace(b"<controlDescriptions />", b"").replace(
        b"<form>", b"<form><controlDescriptions><other /></controlDescriptions>"
    )

    found = locate(turned)

    assert found.container is not None
    assert found.descriptions == ()
    assert len(found.tabs) == 2


def test_header_and_footer_are_looked_into() -> None:
    cell = b"<rows><row><cell /><other /></row><other /></rows>"
    found = locate(b"<form><header>" + cell + b"</header><footer>" + cell + b"</footer><header><rows /></header></form>")

    assert len(found.others) == 2
    assert all(each.section is None and each.control is None for each in found.cells)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (b"<form><a></form>", "not well-formed"),
        (b'<form a="1" a="2" />', "not well-formed"),
        (b"<form>&other;</form>", "not well-formed"),
        (b"<form>\xff</form>", "not well-formed"),
        (b'<!DOCTYPE form [<!ENTITY a "b">]><form>&a;</form>', "document type"),
        (b"<a>" * 64 + b"<b />" + b"</a>" * 64, "64 deep"),
        (b"<form>" + b" " * LARGEST + b"</form>", "bytes"),
        (b"<forms />", "not 'form'"),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(xml: bytes, why: str) -> None:
    with pytest.raises(FormUnreadable, match=why):
        locate(xml)


def test_sixty_four_levels_are_read() -> None:
    assert parse(b"<a>" * 63 + b"<b />" + b"</a>" * 63).tag == "a"


def test_an_error_names_its_line() -> None:
    with pytest.raises(FormUnreadable) as caught:
        locate(b"<form>\n\n<a></form>")

    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<form a='1' />", b"<form a='1' b=\"&lt;&quot;&#10;\" />"),
        (b"<form b = 'old>' c='2'/>", b"<form b = \"&lt;&quot;&#10;\" c='2'/>"),
        (b'<form ab="" xb="b=1">t</form>', b'<form ab="" xb="b=1" b="&lt;&quot;&#10;">t</form>'),
        (b"<form></form>", b'<form b="&lt;&quot;&#10;"></form>'),
        (b"<form/>", b'<form b="&lt;&quot;&#10;"/>'),
        (b'<form note="x b=\'9\'" b="1"/>', b'<form note="x b=\'9\'" b="&lt;&quot;&#10;"/>'),
    ],
)
def test_an_attribute_is_set_without_touching_the_others(before: bytes, after: bytes) -> None:
    root = parse(before)

    assert spliced(before, [attribute_set(root, "b", '<"\n')]) == after
    assert parse(after).get("b") == '<"\n'


@pytest.mark.parametrize("xml", [b"<form/>", b"<form />", b"<form a='/>'\r\n/>", b'<form a="/" />'])
def test_closing_restores_what_was_opened(xml: bytes) -> None:
    wide = spliced(xml, [opened(parse(xml), b"<b />")])

    assert len(parse(wide).children) == 1
    assert spliced(wide, [closed(parse(wide))]) == xml


def test_overlapping_splices_are_refused() -> None:
    with pytest.raises(SpliceBroken):
        spliced(b"abcdef", [Splice(0, 3, b""), Splice(2, 4, b"")])
