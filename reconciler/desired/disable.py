"""Takes out the warnings that a file switches off for itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.desired.document import Document
from reconciler.desired.tree import Items, Scalar, node_at
from reconciler.model.diagnostic import Diagnostic


def without_disabled(found: Iterable[Diagnostic], documents: Iterable[Document]) -> tuple[Diagnostic, ...]:
    """The findings without the warnings that stand in a file whose `disable` names their code. Errors always stay."""
    silent = {(document.file, code) for document in documents for code in _codes(document)}
    return tuple(said for said in found if said.severity == "error" or said.where is None or (said.where.file, said.code) not in silent)


def _codes(document: Document) -> Iterator[str]:
    listed = node_at(document.root, ("disable",)) if document.root is not None else None
    if isinstance(listed, Items):
        # The structure is sound: each entry has its code.
        yield from (str(code.value) for item in listed.items if isinstance(code := node_at(item, ("code",)), Scalar))
