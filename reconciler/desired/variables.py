"""Replaces `${RICTL_VAR_NAME}` in the connection and finds it everywhere else. Pure.

Only variables with this prefix are read: a file must not be able to carry the secrets of a build machine into a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Variables

from reconciler.desired.codes import finding
from reconciler.desired.nearest import nearest
from reconciler.desired.tree import Entry, Mapping, Scalar, scalars
from reconciler.model.diagnostic import Diagnostic

PREFIX = "RICTL_VAR_"
_SECTION = "connection"
_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_INSIDE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)


def expand(root: Mapping, variables: Variables[str, str]) -> tuple[Mapping, tuple[Diagnostic, ...]]:
    """The tree with the variables of its connection replaced once: what a variable holds is not expanded again."""
    found: list[Diagnostic] = []
    entries = dict(root.entries)
    for key, entry in root.entries.items():
        if key == _SECTION and isinstance(entry.node, Mapping):
            inside = {name: Entry(name, below.place, _replaced(below, variables, found)) for name, below in entry.node.entries.items()}
            entries[key] = Entry(key, entry.place, Mapping(inside, entry.node.place))
            continue
        for _, scalar in scalars(entry.node):
            if isinstance(scalar.value, str) and "${" in scalar.value:
                said = "variables are replaced only inside `connection`"
                found.append(finding("variable-outside-connection", said, scalar.place, "write the value itself"))
    return Mapping(entries, root.place), tuple(found)


def _replaced(entry: Entry, variables: Variables[str, str], found: list[Diagnostic]) -> Mapping | Scalar:
    node = entry.node
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or "${" not in node.value:
        return node  # type: ignore[return-value]  # a wrong shape is the schema's to tell
    if "${" in _REFERENCE.sub("", node.value):
        hint = f"write `${{{PREFIX}NAME}}` or `${{{PREFIX}NAME:-default}}`"
        found.append(finding("variable-syntax", "a variable is not closed", node.place, hint))
        return node

    def value(reference: re.Match[str]) -> str:
        inside = _INSIDE.fullmatch(reference[1])
        if inside is None:
            hint = f"write `${{{PREFIX}NAME}}` or `${{{PREFIX}NAME:-default}}`"
            found.append(finding("variable-syntax", f"`{reference[0][:80]}` is no variable", node.place, hint))
            return reference[0]
        name, default = inside[1], inside[2]
        if not name.startswith(PREFIX):
            said = f"the variable `{name[:80]}` does not start with `{PREFIX}`"
            found.append(finding("variable-name", said, node.place, f"rename it to `{PREFIX}{name[:80]}`, in the file and where it is set"))
            return reference[0]
        if variables.get(name):
            return variables[name]
        if default is not None:
            return default
        near = nearest(name.removeprefix(PREFIX), (known.removeprefix(PREFIX) for known in variables if known.startswith(PREFIX)))
        hint = f"did you mean `{PREFIX}{near}`?" if near else f"set it, or give a default: `${{{name}:-…}}`"
        found.append(finding("undefined-variable", f"the variable `{name[:80]}` is not set", node.place, hint))
        return reference[0]

    return Scalar(_REFERENCE.sub(value, node.value), node.place)
