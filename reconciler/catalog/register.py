"""The list of kinds: one line a kind. Pure."""

from __future__ import annotations

from importlib import import_module

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Kind
from reconciler.catalog.widgets import WIDGETS

# Each is a module of reconciler.catalog.kinds that defines KIND. The order is that of the file format and of every output.
_KINDS = (
    "relationship_intelligence",
    "relationship_analytics",
    "who_knows_whom",
    "exchange_data",
)


def _kind(name: str) -> Kind:
    kind = import_module(f"reconciler.catalog.kinds.{name}").KIND
    if not isinstance(kind, Kind) or kind.name != name:
        raise TypeError(f"reconciler/catalog/kinds/{name}.py must define KIND, a Kind named {name}")
    return kind


CATALOG = Catalog(kinds=tuple(_kind(name) for name in _KINDS), widgets=WIDGETS)
"""Everything that rictl manages. Stages are given it; only the command line and the pipeline fetch it."""
