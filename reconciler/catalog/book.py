"""The catalogue as one value that the stages are given. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.table import Table
from reconciler.catalog.widgets import Widget


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that can be managed. Lookups raise KeyError for a name that is not in it."""

    kinds: tuple[Kind, ...]
    widgets: tuple[Widget, ...]

    def kind(self, name: str) -> Kind:
        """The kind of that name."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise KeyError(f"no kind {name}")

    def widget(self, name: str) -> Widget:
        """The widget of that name."""
        for widget in self.widgets:
            if widget.name == name:
                return widget
        raise KeyError(f"no widget {name}")

    def fields(self) -> Iterator[tuple[Kind, Field]]:
        """Every field of every kind, in the order of the file format."""
        for kind in self.kinds:
            for field in kind.fields:
                yield kind, field

    @property
    def tables(self) -> tuple[Table, ...]:
        """The settings tables, each once."""
        return tuple({table.name: table for kind in self.kinds for table in kind.tables}.values())

    def table(self, name: str) -> Table:
        """The settings table of that logical name."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"no table {name}")
