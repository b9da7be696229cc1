"""The engine distrusts itself: what it is about to return is compared with what it was given."""

from __future__ import annotations

import pytest

from reconciler.forms.check import confirm
from reconciler.forms.draft import Draft, Setting
from reconciler.forms.splice import Splice, SpliceBroken
from tests.forms.samples import COMPACT, FORM_ID, KNOWN, placed

SETTING = Setting(FORM_ID, KNOWN, 1033, ())
THERE = placed(COMPACT, "network")


def draft(xml: bytes) -> Draft:
    """The draft of some bytes."""
    return Draft.of(xml, SETTING)


def test_placing_ours_is_confirmed() -> None:
    confirm(draft(COMPACT), draft(THERE), exclusive=False)
    confirm(draft(THERE), draft(COMPACT), exclusive=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"{cell-phone}", b"{cell-other}"),
        (b'datafieldname="phone"', b'datafieldname="fax"'),
        (b"</tabs>", b"<tab /></tabs>"),
        (b'id="ri_network"', b'id="phone"'),
    ],
)
def test_a_lost_changed_or_doubled_identifier_is_a_mistake_of_the_engine(old: bytes, new: bytes) -> None:
    with pytest.raises(SpliceBroken):
        confirm(draft(COMPACT), draft(THERE.replace(old, new)), exclusive=False)


def test_an_edit_that_breaks_the_form_is_a_mistake_of_the_engine() -> None:
    with pytest.raises(SpliceBroken):
        draft(COMPACT).edited([Splice(0, 1, b"")])
