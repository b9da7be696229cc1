"""Decides whether a file has the structure of its schema: a fast engine gives the verdict, a slow one explains. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import jsonschema_rs

from reconciler.catalog.book import Catalog
from reconciler.catalog.json_schema import Schema
from reconciler.desired.schema import FileKind, file_schema
from reconciler.desired.tree import Mapping, plain
from reconciler.model.diagnostic import Diagnostic


@dataclass(slots=True)
class Structure:
    """The schemas of one catalogue, each compiled when it is first needed."""

    catalog: Catalog
    _compiled: dict[FileKind, tuple[Schema, jsonschema_rs.Draft7Validator]] = field(default_factory=dict)

    def problems(self, root: Mapping, kind: FileKind) -> tuple[Diagnostic, ...]:
        """Everything in which the tree differs from its schema."""
        if kind not in self._compiled:
            schema = file_schema(kind, self.catalog)
            self._compiled[kind] = schema, jsonschema_rs.Draft7Validator(schema, validate_formats=True)
        schema, validator = self._compiled[kind]
        values = plain(root)
        if validator.is_valid(values):
            return ()
        # jsonschema takes 2 ms a file and 40 ms to import: only files with mistakes pay for it.
        from reconciler.desired.explain import explain

        return explain(schema, root, values)
