"""Shorthands for describing columns: a text, a lookup, a flag, a key. Pure."""

from __future__ import annotations

from reconciler.catalog.table import Column, Option


def key(name: str, label: str) -> Column:
    """The primary id of a table; it may be given on create and never changes."""
    return Column(name, "Uniqueidentifier", label, required="SystemRequired")


def text(name: str, label: str, max_length: int = 100, *, required: bool = False, read_only: bool = False) -> Column:
    """A line of text of at most `max_length` characters."""
    return Column(name, "String", label, max_length=max_length, required="ApplicationRequired" if required else "None", read_only=read_only)


def memo(name: str, label: str, max_length: int = 2000) -> Column:
    """Text of several lines."""
    return Column(name, "Memo", label, max_length=max_length)


def flag(name: str, label: str, default: bool | None = False, *, read_only: bool = False) -> Column:
    """Yes or no."""
    return Column(name, "Boolean", label, default=default, read_only=read_only)


def choice(name: str, label: str, choices: tuple[tuple[int, str], ...], default: int | None = None, *, read_only: bool = False) -> Column:
    """One of several numbered choices."""
    return Column(
        name, "Picklist", label, options=tuple(Option(value, title) for value, title in choices), default=default, read_only=read_only
    )


def whole(name: str, label: str, minimum: int = 0, maximum: int = 2147483647) -> Column:
    """A whole number within bounds, both allowed."""
    return Column(name, "Integer", label, minimum=minimum, maximum=maximum)


def moment(name: str, label: str, *, read_only: bool = False) -> Column:
    """A date with a time, kept in UTC."""
    return Column(name, "DateTime", label, read_only=read_only)


def lookup(
    name: str, label: str, *targets: str, collections: tuple[str, ...] = (), required: bool = False, read_only: bool = False
) -> Column:
    """A reference to a row of one of `targets`."""
    return Column(
        name,
        "Lookup",
        label,
        targets=targets,
        collections=collections,
        required="SystemRequired" if required else "None",
        read_only=read_only,
    )


def managed(name: str, label: str) -> Column:
    """A managed property: an object that says a value and whether it may be changed."""
    return Column(name, "ManagedProperty", label)
