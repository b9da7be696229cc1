"""Keeps the state of a row and its status reason together, whichever of the two is written. Pure."""

from __future__ import annotations

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import wrong_reason
from reconciler.emulator.metadata.shapes import Shape

_STATE, _REASON = "statecode", "statuscode"


def default_reason(reasons: Column, state: int) -> int | None:
    """The reason that a state gets when nobody names one: the column's default where it belongs to the state, else its first."""
    of_state = [option.value for option in reasons.options if option.state in (None, state)]
    if reasons.default in of_state:
        return int(reasons.default or 0)
    return next(iter(of_state), None)


def with_reason(shape: Shape, before: Row | None, changes: Row) -> Row:
    """The changes, with the default reason where the state changes and no reason is named. Refuses a reason of another state.

    `before` None: a new row.
    """
    states, reasons = shape.properties.get(_STATE), shape.properties.get(_REASON)
    if states is None or reasons is None or not {_STATE, _REASON} & changes.keys():
        return changes
    old = before or {}
    state = next((value for value in (changes.get(_STATE), old.get(_STATE), states.default) if value is not None), 0)
    settled = {**changes, _STATE: state}
    reason = changes.get(_REASON)
    if reason is None:
        stays = old.get(_STATE) == state and old.get(_REASON) is not None
        return {**settled, _REASON: old[_REASON] if stays else default_reason(reasons, int(state))}
    if not any(option.value == reason and option.state in (None, state) for option in reasons.options):
        label = next((option.label for option in states.options if option.value == state), str(state))
        id = str(old.get(shape.table.primary_id) or changes.get(shape.table.primary_id) or "00000000-0000-0000-0000-000000000000")
        raise wrong_reason(int(reason), label, shape.name, id)
    return settled
