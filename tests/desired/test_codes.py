"""The codes in the code, on the page about errors and in the examples are the same."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.desired.codes import CODES

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "errors.md"


def test_the_page_has_a_heading_for_every_code_in_the_same_order() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("\n## Environment files\n")[2].partition("\n## ")[0]

    assert list(CODES) == re.findall(r"^### (.+)$", section, re.MULTILINE)


def test_every_code_has_an_example_that_produces_it() -> None:
    expected = "".join(path.read_text(encoding="utf-8") for path in (HERE / "bad").glob("*.txt"))
    shown = set(re.findall(r"^(?:error|warning)\[(.+?)\]", expected, re.MULTILINE))
    # Those that no file can show by itself are asserted by name in the tests of this folder.
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path.name != "test_codes.py")

    assert [code for code in CODES if code not in shown and not re.search(rf'["\[]{code}["\]]', tests)] == []


def test_a_code_is_listed_once() -> None:
    assert len(set(CODES)) == len(CODES)
