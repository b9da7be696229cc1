"""Scalars follow the core rules of YAML 1.2."""

from __future__ import annotations

import math

import pytest

from reconciler.desired.compose import compose
from reconciler.desired.scalars import value_of
from reconciler.desired.tree import Plain, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None), ("nUll", "nUll"),
        ("true", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False),
        ("yes", "yes"), ("no", "no"), ("NO", "NO"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("0", 0), ("-7", -7), ("+7", 7), ("017", 17), ("0o17", 15), ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"),
        ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1.5E-1", -0.15), ("1e", "1e"), ("1.2.3", "1.2.3"),
        (".inf", math.inf), ("-.INF", -math.inf), ("12:30", "12:30"), ("2026-11-23", "2026-11-23"), ("-", "-"), ("=", "="),
        ("9" * 18, int("9" * 18)), ("9" * 19, "9" * 19), ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_an_unquoted_scalar_means(text: str, value: Plain) -> None:
    assert (type(value), value) == (type(value_of(text)), value_of(text))


def test_not_a_number_is_one_of_the_words() -> None:
    assert math.isnan(float(str(value_of(".nan"))))


def test_quotes_and_blocks_are_always_text() -> None:
    root, _ = compose("a: 'no'\nb: \"1\"\nc: |\n  true\nd: no\n", "f.yaml")

    assert root is not None
    assert plain(root) == {"a": "no", "b": "1", "c": "true\n", "d": "no"}


def test_an_alias_stands_for_what_it_names() -> None:
    root, found = compose("a: &x {k: [1]}\nb: *x\nc: &s 1\nd: *s\n", "f.yaml")

    assert root is not None
    assert (plain(root), found) == ({"a": {"k": [1]}, "b": {"k": [1]}, "c": 1, "d": 1}, ())
