"""Turns one file of rules into a tree of sound structure, with what is wrong in it. Reads files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import jsonschema_rs

from reconciler.desired.codes import finding
from reconciler.desired.compose import compose
from reconciler.desired.nearest import did_you_mean
from reconciler.desired.policy_envelope import PolicyKind, policy_schema
from reconciler.desired.read import read_text
from reconciler.desired.tree import Mapping, Scalar, plain
from reconciler.model.diagnostic import Diagnostic

_VERSION = "rictl/v1"


@dataclass(frozen=True, slots=True, eq=False)
class Structured:
    """One file. `root` is None when it has no sound structure; `text` is empty when there is none."""

    path: Path
    file: str
    text: str
    root: Mapping | None
    problems: tuple[Diagnostic, ...]


def structured(path: Path, kind: PolicyKind, here: Path) -> Structured:
    """The file, named in every finding as seen from `here`. Never raises for anything that a file may hold."""
    file = str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
    text = read_text(path, file)
    if isinstance(text, Diagnostic):
        return Structured(path, file, "", None, (text,))
    root, found = compose(text, file)
    if root is None:
        return Structured(path, file, text, None, found)
    problems = (*found, *(_foreign(root, kind) or _problems(root, kind)))
    return Structured(path, file, text, None if problems else root, problems)


def _foreign(root: Mapping, kind: PolicyKind) -> tuple[Diagnostic, ...]:
    """What the file says to be, when it is something else."""
    for key, known, code in (("apiVersion", _VERSION, "unknown-api-version"), ("kind", kind, "wrong-kind")):
        node = root.get(key)
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value != known:
            hint = did_you_mean(node.value, [known]) or f"write `{key}: {known}`"
            return (finding(code, f"`{node.value[:80]}` is no {key} of the files in this folder", node.place, hint),)
    return ()


def _problems(root: Mapping, kind: PolicyKind) -> tuple[Diagnostic, ...]:
    schema, values = policy_schema(kind), plain(root)
    if jsonschema_rs.Draft7Validator(schema).is_valid(values):
        return ()
    # Only files with mistakes pay for the slower engine that explains them.
    from reconciler.desired.explain import explain

    return explain(schema, root, values)
