"""Every code has a page to look it up, and every heading of that page is a code."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.plan import codes
from reconciler.report.plan_document import DOCUMENT_PROBLEMS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "objections.md").read_text(encoding="utf-8")
FORM_CODE = re.compile(r'(?:Finding|NoPlace|Problem|problem)\(\s*"([a-z-]+)"')


def headings() -> list[str]:
    return re.findall(r"^### (.+)$", PAGE, re.MULTILINE)


def codes_of_the_form_engine() -> set[str]:
    return {code for path in (ROOT / "reconciler" / "forms").glob("*.py") for code in FORM_CODE.findall(path.read_text(encoding="utf-8"))}


def test_the_page_explains_exactly_the_codes_that_there_are() -> None:
    ours = {*codes.OBJECTIONS, *codes.PROBLEMS, *codes.NOTICES, *codes.TASKS, *codes.WAIVER_PROBLEMS, *DOCUMENT_PROBLEMS}

    assert sorted(headings()) == sorted(ours | codes_of_the_form_engine())


def test_every_constant_is_in_exactly_one_list() -> None:
    constants = [value for value in vars(codes).values() if isinstance(value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", value)]
    listed = [*codes.OBJECTIONS, *codes.PROBLEMS, *codes.NOTICES, *codes.TASKS, *codes.WAIVER_PROBLEMS]

    assert sorted(constants) == sorted(listed)


def test_the_page_says_of_each_objection_whether_it_may_be_waived() -> None:
    waivable = re.findall(r"--allow ([a-z-]+)=REASON", PAGE)

    assert sorted(waivable) == sorted(codes.WAIVABLE)


def test_every_entry_says_what_to_do() -> None:
    assert [entry.split("\n")[0] for entry in PAGE.split("### ")[1:] if "\nWhat to do: " not in entry] == []
