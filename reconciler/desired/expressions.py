"""Turns a position inside of an expression into the place in the file that holds it. Pure."""

from __future__ import annotations

from reconciler.desired.tree import Node, Scalar
from reconciler.model.source import SourceSpan
from reconciler.policy.language import Complaint


def placed(text: str, node: Node, complaint: Complaint, offset: int = 0) -> tuple[SourceSpan, str]:
    """Where the complaint points to, and what it says. `offset` is that of the expression in the value of the node.

    Where YAML wrote the value otherwise than it reads (folded, escaped), the place is that of the value and the words say the rest.
    """
    assert isinstance(node, Scalar)
    value = str(node.value)
    before = value[:offset] + "".join(f"{line}\n" for line in value[offset:].split("\n")[: complaint.line - 1])
    inside = len(before) + complaint.column - 1
    line, column = value.count("\n", 0, inside), inside - (value.rfind("\n", 0, inside) + 1)
    there = _place(text, node, value, line)
    if there is None:
        position = f"line {complaint.line}, column {complaint.column} of the expression"
        return node.place.span, f"{complaint.said} ({position})"
    return SourceSpan(node.place.file, there[0] + 1, there[1] + column + 1), complaint.said


def _place(text: str, node: Scalar, value: str, line: int) -> tuple[int, int] | None:
    """Line and column from 0 at which that line of the value begins in the file; None where it does not stand there as it reads."""
    lines = text.split("\n")
    wanted = value.split("\n")[line]
    first = lines[node.place.line][node.place.column :]
    if first.startswith(("|", ">")):
        at = node.place.line + 1 + line
        found = lines[at] if at < len(lines) else ""
        return (at, len(found) - len(wanted)) if found.strip() and found.endswith(wanted) else None
    start = node.place.column + first.startswith(("'", '"'))
    written = lines[node.place.line][start:]
    return (node.place.line, start) if line == 0 and written.startswith(wanted) else None
