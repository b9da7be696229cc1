from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.report import escape as module
from reconciler.report.escape import escape, escape_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Salesperson", "Salesperson"),
        ("Vânzător 営業 🙂", "Vânzător 営業 🙂"),
        ("red \x1b[31m", "red \\x1b[31m"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\x00\x7f", "\\x00\\x7f"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_hidden_characters_become_visible(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert escape(text).isprintable() or all(character.isspace() or character.isprintable() for character in escape(text))
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in escape(text))


@given(st.text())
def test_escaping_twice_changes_nothing_more(text: str) -> None:
    assert escape(escape(text)) == escape(text)


def test_lines_stay_lines() -> None:
    assert escape_lines("one\x07\ntwo") == "one\\x07\ntwo"


def test_the_examples_of_the_docstring_hold() -> None:
    assert doctest.testmod(module).failed == 0
