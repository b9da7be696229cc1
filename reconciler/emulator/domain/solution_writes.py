"""Turns the header that names a solution into the component that a write puts there. Reads and writes the rows of the request."""

from __future__ import annotations

from reconciler.emulator.context import Context, DataverseError, Row
from reconciler.emulator.domain.layers import FORM_COMPONENT, add_component

_ROLE_COMPONENT = 20
_COMPONENTS = {"systemform": FORM_COMPONENT, "role": _ROLE_COMPONENT}
"""Tables of solution components -> their component type; rows of other tables are data, and no solution holds them."""


def named_solution(context: Context) -> Row | None:
    """The unmanaged solution of the header, None without it. That other names are refused is documented, the codes are assumptions."""
    name = context.solution
    if name is None:
        return None
    found = next((row for row in context.rows.all("solution") if row["uniquename"] == name), None)
    if found is None:
        raise DataverseError(404, "0x80040217", f"solution With uniquename = {name} Does Not Exist")
    if found["ismanaged"]:
        raise DataverseError(400, "0x80040203", f"The solution {name} is managed and cannot be changed.")
    return found


def note_component(context: Context, solution: Row, table: str, id: str) -> None:
    """Records what was written in that solution, where it is a component."""
    if table in _COMPONENTS:
        names = str(solution["solutionid"]), str(solution["uniquename"])
        add_component(context.rows, context.organization, *names, id, _COMPONENTS[table])
