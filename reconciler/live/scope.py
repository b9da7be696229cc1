"""Turns what an environment declares into what has to be read for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.catalog import consent
from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Binding, Field, Kind
from reconciler.catalog.table import Table
from reconciler.catalog.types import RoleSet, TemplateRef
from reconciler.model.desired import DesiredEnvironment, DesiredForm


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read of one environment, and nothing else.

    fields     with a binding: the declared ones, and those that the guards of a plan look at beside them
    kinds      the declared kinds that have an activation
    consent    whether something declared starts or needs the Microsoft 365 consent
    columns    by settings table: the columns to select
    controls   names of the custom controls that the declared widgets need
    """

    fields: tuple[tuple[Kind, Field, Binding], ...]
    kinds: tuple[Kind, ...]
    consent: bool
    columns: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Table]
    forms: tuple[DesiredForm, ...]
    controls: tuple[str, ...]
    solutions: tuple[str, ...]

    @property
    def wants_roles(self) -> bool:
        """Whether a role selection is among the fields."""
        return any(isinstance(field.type, RoleSet) for _, field, _ in self.fields)

    @property
    def wants_templates(self) -> bool:
        """Whether an e-mail template is among the fields."""
        return any(isinstance(field.type, TemplateRef) for _, field, _ in self.fields)

    @property
    def form_tables(self) -> tuple[str, ...]:
        """The tables of the declared forms, each once."""
        return tuple(dict.fromkeys(form.table for form in self.forms))


def scope_of(desired: DesiredEnvironment, catalog: Catalog) -> Scope:
    """The scope of one environment. Raises KeyError for a kind or widget that the catalogue does not have."""
    declared = {(setting.kind, setting.field) for setting in desired.settings}
    kinds = [catalog.kind(name) for name in sorted(desired.kinds)]
    widgets = [catalog.widget(widget.widget) for form in desired.forms for widget in form.widgets]
    wanted = declared | {(kind.name, kind.activation.switch) for kind in kinds if kind.activation}
    wanted |= {widget.shown_when for widget in widgets}
    for kind, field in catalog.fields():
        # A field that limits another is judged together with it, whichever of the two is declared.
        if field.limits and {(kind.name, field.name), field.limits} & declared:
            wanted |= {(kind.name, field.name), field.limits}
    fields = tuple((kind, field, field.binding) for kind, field in catalog.fields() if field.binding and (kind.name, field.name) in wanted)
    watched = any(field.consent for kind, field in catalog.fields() if (kind.name, field.name) in declared)
    activated = tuple(kind for kind in kinds if kind.activation)
    columns = _columns(fields, activated, watched)
    return Scope(
        fields=fields,
        kinds=activated,
        consent=watched,
        columns=columns,
        tables={name: catalog.table(name) for name in columns},
        forms=desired.forms,
        controls=tuple(dict.fromkeys(control for widget in widgets for control in widget.controls)),
        solutions=tuple(dict.fromkeys(form.solution for form in desired.forms if form.solution)),
    )


def _columns(fields: tuple[tuple[Kind, Field, Binding], ...], kinds: tuple[Kind, ...], watched: bool) -> dict[str, tuple[str, ...]]:
    pairs = [(binding.table, binding.column) for _, _, binding in fields]
    pairs += [(kind.activation.table, kind.activation.column) for kind in kinds if kind.activation]
    if watched:
        pairs += [(consent.CONNECTOR_TABLE, consent.CONNECTOR_COLUMN), (consent.REVOKED_TABLE, consent.REVOKED_COLUMN)]
    columns: dict[str, tuple[str, ...]] = {}
    for table, column in pairs:
        if column not in columns.get(table, ()):
            columns[table] = (*columns.get(table, ()), column)
    return columns
