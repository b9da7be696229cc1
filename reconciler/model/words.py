"""Turns facts and values into the words that people read. Pure."""

from __future__ import annotations

from reconciler.model.fact import Absent, Fact, Known, Ref, Value


def in_words(fact: Fact) -> str:
    """A fact for people."""
    if isinstance(fact, Known):
        return value_in_words(fact.value)
    return "not set" if isinstance(fact, Absent) else f"unknown ({fact.reason})"


def value_in_words(value: Value) -> str:
    """A value for people: on and off, names instead of ids."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Ref):
        return value.name or value.id
    if isinstance(value, tuple):
        return ", ".join(ref.name or ref.id for ref in value) or "none"
    return str(value)
