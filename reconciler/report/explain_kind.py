"""Turns a kind, a widget or an accepted inference of the catalogue into text: what it is, where it lives, how sure that is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from reconciler.catalog.acceptance import Acceptance
from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.types import Choice, FieldType, Flag, RoleSet, TemplateRef, Whole
from reconciler.catalog.widgets import Widget
from reconciler.report.layout import wrapped


def kind_explained(kind: Kind) -> str:
    """The kind with all that may be written of it."""
    lines = [f"{kind.title}  ({kind.name})", *wrapped(kind.description, indent="  ")]
    lines += wrapped(f"In a file: {'.'.join(kind.section)}", indent="  ")
    if kind.alternative:
        lines += wrapped(f"Only in the generation {' and '.join(kind.generations)}; elsewhere: {kind.alternative}", indent="  ")
    if kind.activation is not None:
        how = f"{kind.activation.table}.{kind.activation.column} becomes {kind.activation.on} (off: {kind.activation.off})"
        lines += wrapped(f"It is on when {how}. Source: {kind.activation.source}", indent="  ", hanging="  ")
    for field in kind.fields:
        if field.in_file:
            lines += ["", *_field_lines(field)]
    return "\n".join(lines)


def field_explained(field: Field) -> str:
    """One setting: what it takes, what it is when nobody wrote it, and where it lives."""
    return "\n".join(_field_lines(field))


def _field_lines(field: Field) -> Iterator[str]:
    yield f"  {field.name}: {_values(field.type)}"
    yield from wrapped(field.description, indent="    ")
    if field.default is not None:
        default = ("on" if field.default else "off") if isinstance(field.default, bool) else field.default
        yield from wrapped(f"A new organization has: {default}", indent="    ")
    if field.attestation is not None:
        yield from wrapped(f"It is written only under attestations.{field.attestation}", indent="    ")
    if field.binding is not None:
        accepted = f", written under accept: {field.binding.acceptance}" if field.binding.acceptance else ""
        where = f"{field.binding.table}.{field.binding.column}, {field.binding.certainty}{accepted}"
        yield from wrapped(f"It lives in {where}. Source: {field.binding.source}", indent="    ", hanging="  ")


def widget_explained(widget: Widget) -> str:
    """The widget: the tables it is for, and the control behind it."""
    lines = [f"{widget.title}  ({widget.name})", *wrapped(widget.description, indent="  ")]
    lines += wrapped(f"For the forms of {', '.join(widget.tables)}; control {widget.controls[0]}", indent="  ", hanging="  ")
    lines += wrapped(f"Stays hidden unless {'.'.join(widget.shown_when)} is on", indent="  ")
    lines += wrapped(f"{widget.certainty}, written under accept: {widget.acceptance}", indent="  ")
    lines += [line for source in widget.sources for line in wrapped(f"Source: {source}", indent="  ", hanging="  ")]
    return "\n".join(lines)


def acceptance_explained(acceptance: Acceptance) -> str:
    """What is assumed under that name, and how a real environment confirms it."""
    lines = [acceptance.name, *wrapped(f"Assumes: {acceptance.assumes}", indent="  ", hanging="  ")]
    return "\n".join([*lines, *wrapped(f"To confirm it: {acceptance.confirm}", indent="  ", hanging="  ")])


def _values(kind: FieldType) -> str:
    match kind:
        case Flag():
            return "true or false"
        case Whole(minimum=minimum, maximum=maximum):
            return f"a whole number from {minimum} to {maximum}"
        case Choice():
            return f"one of {', '.join(kind.words)}"
        case RoleSet():
            return "a list of security roles"
        case TemplateRef():
            return "an e-mail template"
        case _:
            assert_never(kind)
