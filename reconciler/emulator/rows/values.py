"""Turns one JSON value of a body into what is stored, or says why the column refuses it. Pure."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.addresses import GUID
from reconciler.emulator.errors import forbidden_character, invalid_argument, not_an_option, out_of_range, too_long, wrong_type
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.comparing import moment
from reconciler.emulator.storage.clock import wire_time

EDM = {
    "BigInt": "Edm.Int64",
    "Boolean": "Edm.Boolean",
    "DateTime": "Edm.DateTimeOffset",
    "Double": "Edm.Double",
    "Integer": "Edm.Int32",
    "Lookup": "Edm.Guid",
    "ManagedProperty": "Microsoft.Dynamics.CRM.BooleanManagedProperty",
    "Memo": "Edm.String",
    "Money": "Edm.Decimal",
    "Owner": "Edm.Guid",
    "Picklist": "Edm.Int32",
    "State": "Edm.Int32",
    "Status": "Edm.Int32",
    "String": "Edm.String",
    "Uniqueidentifier": "Edm.Guid",
}
"""The types of $metadata, by AttributeType."""

_MONEY_PLACES = 2
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WHOLE = {"BigInt": 63, "Integer": 31, "Picklist": 31, "State": 31, "Status": 31}


def stored_value(shape: Shape, column: Column, value: Any) -> Any:
    """The value as it is kept. Null is refused for columns that the system requires."""
    if value is None:
        if column.required == "SystemRequired":
            raise invalid_argument(f"Required field '{column.name}' of {shape.name} is missing: it cannot be null.")
        return None
    if column.type in _WHOLE:
        return _whole(shape, column, value)
    if column.type in ("String", "Memo"):
        return _text(shape, column, value)
    if column.type == "Boolean":
        return value if isinstance(value, bool) else _refuse(shape, column, value)
    if column.type == "Double":
        return _double(shape, column, value)
    if column.type == "Money":
        return round(_double(shape, column, value), _MONEY_PLACES)
    if column.type == "DateTime":
        return _time(shape, column, value)
    if column.type == "Uniqueidentifier":
        return value.lower() if isinstance(value, str) and GUID.fullmatch(value) else _refuse(shape, column, value)
    return value if isinstance(value, dict) else _refuse(shape, column, value)


def _refuse(shape: Shape, column: Column, value: Any) -> Any:
    raise wrong_type(column.name, value, EDM[column.type], shape.table.entity_set)


def _whole(shape: Shape, column: Column, value: Any) -> int:
    bits = _WHOLE[column.type]
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**bits) <= value < 2**bits:
        _refuse(shape, column, value)
    if column.type in ("Picklist", "State", "Status") and column.options and value not in {o.value for o in column.options}:
        raise not_an_option(column.name, shape.name, value)
    _within(shape, column, value)
    return int(value)


def _double(shape: Shape, column: Column, value: Any) -> float:
    # 1e999 is a JSON number that becomes infinity; a whole number of 400 digits becomes no float at all.
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
        _refuse(shape, column, value)
    _within(shape, column, float(value))
    return float(value)


def _within(shape: Shape, column: Column, value: float) -> None:
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise out_of_range(column.name, shape.name, value, (low, high))


def _text(shape: Shape, column: Column, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(shape, column, value)
    if column.max_length is not None and len(value) > column.max_length:
        raise too_long(column.name, shape.name, column.max_length)
    found = _NO_TEXT.search(value)
    if found is not None:
        raise forbidden_character(column.name, found[0])
    return str(value)


def _time(shape: Shape, column: Column, value: Any) -> str:
    read = moment(value)
    if not isinstance(value, str) or not isinstance(read, dt.datetime):
        _refuse(shape, column, value)
    return wire_time(read)
