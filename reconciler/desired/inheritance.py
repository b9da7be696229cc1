"""Turns an environment and the baselines it extends into one tree. Pure."""

from __future__ import annotations

from collections.abc import Mapping as ByName
from dataclasses import dataclass

from reconciler.desired.bounds import EXTENDS_DEPTH
from reconciler.desired.codes import finding
from reconciler.desired.document import Document
from reconciler.desired.nearest import did_you_mean
from reconciler.desired.overlay import inheritable, overlay
from reconciler.desired.tree import Mapping, Place, entry_at
from reconciler.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Inherited:
    """`root` is None when a baseline is missing or broken; `used` are the baselines on the way, each once."""

    root: Mapping | None
    used: tuple[Document, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def inherit(document: Document, baselines: ByName[str, Document]) -> Inherited:
    """The document over its baselines: later ones win, the document wins over all. Cycles and endless chains are findings."""
    return _inherit(document, baselines, (), {})


Known = dict[tuple[str, int], Inherited]
"""What was inherited by a baseline at a depth: eight baselines that extend eight, eight times over, would be walked 16 million times."""


def _inherit(document: Document, baselines: ByName[str, Document], chain: tuple[str, ...], known: Known) -> Inherited:
    if document.root is None:
        return Inherited(None, problems=())
    lower: Mapping | None = Mapping({}, document.root.place)
    used: list[Document] = []
    problems: list[Diagnostic] = []
    for index, name in enumerate(document.extends):
        place = entry_at(document.root, ("extends", index))[1]
        said = _refusal(name, place, baselines, chain)
        if said is not None:
            problems.append(said)
            continue
        at = name, len(chain)
        if at not in known:
            known[at] = _inherit(baselines[name], baselines, (*chain, name), known)
        below = known[at]
        used += [baselines[name], *below.used]
        problems += below.problems
        lower = overlay(lower, inheritable(below.root)) if lower is not None and below.root is not None else None
    once = tuple(dict.fromkeys(used))
    if lower is None or problems:
        return Inherited(None, once, tuple(problems))
    return Inherited(overlay(lower, document.root), once)


def _refusal(name: str, place: Place, baselines: ByName[str, Document], chain: tuple[str, ...]) -> Diagnostic | None:
    if name not in baselines:
        hint = did_you_mean(name, baselines) or f"create the file environments/_base/{name}.yaml"
        return finding("unknown-baseline", f"there is no baseline `{name}`", place, hint)
    if name in chain:
        way = " -> ".join((*chain[chain.index(name) :], name))
        said = f"baselines extend each other in a circle: {way}"
        return finding("baseline-cycle", said, place, "remove one of these names from `extends`")
    if len(chain) >= EXTENDS_DEPTH:
        said = f"more than {EXTENDS_DEPTH} baselines stand on each other"
        return finding("too-many-baselines", said, place, "join some of them")
    return None
