"""Wishes and organizations for tests: everything is there and off unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.register import CATALOG
from reconciler.catalog.types import Choice, Flag, RoleSet, TemplateRef, Whole
from reconciler.model.desired import (
    Attestation,
    Connection,
    DesiredEnvironment,
    DesiredForm,
    DesiredSetting,
    DesiredValue,
    DesiredWidget,
    Selector,
)
from reconciler.model.fact import Absent, Fact, Known, Ref
from reconciler.model.live import Caller, LiveForm, LiveRole, LiveRow, LiveState, Organization, Person, TableMetadata
from reconciler.model.plan import AwaitActivation, Plan, WriteRow
from reconciler.model.source import Origin, SourceSpan
from reconciler.plan.build import build_plan

NOW = dt.datetime(2026, 11, 23, 10, 2, 11, tzinfo=dt.UTC)
FILE = "environments/contoso-test.yaml"
ACCEPT_ALL = frozenset(
    {
        "inferred-master-switch",
        "inferred-activation-by-patch",
        "inferred-exchange-source",
        "inferred-role-storage",
        "inferred-options-table",
        "inferred-widget-xml",
    }
)
ANA = Person("Ana Pop")
SERVICE = Person("# Dynamics 365 Sales", True)
SALESPERSON = LiveRole("10000000-0000-4000-8000-000000000001", "Salesperson", "a4be89ff-7c35-4d69-9900-999c3f603e6f")
MANAGER = LiveRole("10000000-0000-4000-8000-000000000002", "Sales Manager", "c0ed2f4f-6f92-4691-92ba-78f2931e8fba")
EXECUTIVE = LiveRole("10000000-0000-4000-8000-000000000003", "Contoso Account Executive", None)
ROLES = (SALESPERSON, MANAGER, EXECUTIVE)
TEMPLATES = (
    Ref("20000000-0000-4000-8000-000000000001", "Introduction request"),
    Ref("20000000-0000-4000-8000-000000000002", "Warm introduction"),
)
CONTROLS = frozenset(control for widget in CATALOG.widgets for control in widget.controls)
FORM_ID = "30000000-0000-4000-8000-000000000001"
FORM = (
    b'<form><tabs><tab name="Summary" id="{40000000-0000-4000-8000-000000000001}" visible="true">'
    b'<labels><label description="Summary" languagecode="1033" /></labels><columns>'
    b'<column width="50%"><sections><section name="LeadDetails" id="{40000000-0000-4000-8000-000000000002}" columns="1">'
    b'<labels><label description="Lead" languagecode="1033" /></labels><rows><row>'
    b'<cell id="{40000000-0000-4000-8000-000000000003}"><labels><label description="Name" languagecode="1033" /></labels>'
    b'<control id="fullname" classid="{9FDF5F91-88B1-47f4-AD53-C11EFC01A01D}" datafieldname="fullname" /></cell></row></rows></section>'
    b"</sections></column>"
    b'<column width="50%"><sections><section name="Timeline" id="{40000000-0000-4000-8000-000000000004}" columns="1">'
    b'<labels><label description="Timeline" languagecode="1033" /></labels><rows /></section></sections></column>'
    b"</columns></tab></tabs></form>"
)


def origin(line: int = 7) -> Origin:
    return Origin(SourceSpan(FILE, line, 5))


def names(*wanted: str) -> tuple[Selector, ...]:
    return tuple(Selector("name", name) for name in wanted)


def wish(settings: Mapping[tuple[str, str], DesiredValue] | None = None, **changes: Any) -> DesiredEnvironment:
    declared = tuple(
        DesiredSetting(kind, field, value, origin(10 + number)) for number, ((kind, field), value) in enumerate((settings or {}).items())
    )
    base = DesiredEnvironment("contoso-test", FILE, Connection(emulator="contoso-test"), settings=declared, accept=ACCEPT_ALL)
    return replace(base, **changes)


def attested(name: Any, answer: str | bool = True, day: dt.date = dt.date(2026, 11, 1)) -> Attestation:
    return Attestation(name, answer, "crm-platform", day)


def off_value(field: Field) -> Fact:
    return Known(False) if isinstance(field.type, Flag) else Absent()


def organization(
    settings: Mapping[tuple[str, str], Fact] | None = None, *, rows: Mapping[str, Any] | None = None, **changes: Any
) -> LiveState:
    facts = {(kind.name, field.name): off_value(field) for kind, field in CATALOG.fields() if field.binding is not None}
    facts.update(settings or {})
    written = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
    there = {table.name: LiveRow(f"row-of-{table.name}", 'W/"7"', written, ANA) for table in CATALOG.tables}
    statuses = {
        kind.name: kind.activation.on if facts[kind.name, kind.activation.switch] == Known(True) else kind.activation.off
        for kind in CATALOG.kinds
        if kind.activation is not None
    }
    base = LiveState(
        organization=Organization(
            "50000000-0000-4000-8000-000000000001", "Contoso Test", "https://contoso.crm4.dynamics.com", "9.2.25014.1"
        ),
        caller=Caller("60000000-0000-4000-8000-000000000001", "rictl service principal", 1033),
        read_at=NOW,
        settings=facts,
        rows={**there, **(rows or {})},
        activations={**statuses, **changes.pop("activations", {})},
        metadata=metadata(),
        roles=ROLES,
        templates=TEMPLATES,
        pending={"lead": (), "contact": ()},
        controls=CONTROLS,
        solutions={"ContosoSales": "unmanaged"},
        requests=2,
    )
    return replace(base, **changes)


def metadata(**columns: str) -> dict[str, Any]:
    tables = {
        table.name: TableMetadata({column.name: columns.get(column.name, column.type) for column in table.columns}, True)
        for table in CATALOG.tables
    }
    return {**tables, "systemform": TableMetadata({}, True)}


def lead_form(**changes: Any) -> LiveForm:
    base = LiveForm(FORM_ID, "Contoso Lead", "lead", 2, FORM, FORM, 'W/"3"')
    return replace(base, **changes)


def declared_form(*widgets: DesiredWidget, **changes: Any) -> DesiredForm:
    base = DesiredForm("lead", Selector("name", "Contoso Lead"), widgets, origin=origin(40))
    return replace(base, **changes)


def on_form(form: LiveForm, **changes: Any) -> LiveState:
    return organization(forms={("lead", "Contoso Lead"): form}, **changes)


def plan(desired: DesiredEnvironment, live: LiveState) -> Plan:
    return build_plan(desired, live, CATALOG)


def carry_out(made: Plan, live: LiveState) -> LiveState:
    """The organization after the settings of the plan: every write took effect and every activation was reached."""
    settings, statuses = dict(live.settings), dict(live.activations)
    for step in made.steps:
        if isinstance(step, WriteRow):
            held = {(w.kind, w.field): w.after if isinstance(w.after, Absent) else Known(w.after) for w in step.fields}
            settings.update(held)
        if isinstance(step, AwaitActivation):
            activation = CATALOG.kind(step.kind).activation
            assert activation is not None
            statuses[step.kind] = activation.on if step.target == "on" else activation.off
    there = {table: row if isinstance(row, LiveRow) else LiveRow(f"new-{table}") for table, row in live.rows.items()}
    return replace(live, settings=settings, activations=statuses, rows=there)


def example_of(kind: Kind, field: Field) -> DesiredValue:
    """A valid wish for the field."""
    match field.type:
        case RoleSet():
            return names("Salesperson", "Sales Manager")
        case TemplateRef():
            return Selector("name", "Warm introduction")
        case Flag():
            return True
        case Whole(minimum=minimum):
            return minimum
        case Choice(codes=codes):
            return codes[0][0]


def codes_of(made: Plan) -> list[str]:
    return [objection.code for objection in made.objections]
