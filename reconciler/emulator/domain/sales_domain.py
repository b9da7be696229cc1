"""The organizations of the embedded Dataverse: how they are filled, what is computed when they are read, what a write sets off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.catalog.consent import CONNECTOR_COLUMN, CONNECTOR_TABLE, REVOKED_TABLE
from reconciler.catalog.table import Association, Table
from reconciler.catalog.tables.activities import ACTIVITY_TABLES
from reconciler.catalog.tables.platform import ASSOCIATIONS, PLATFORM_TABLES
from reconciler.catalog.tables.sales import SALES_TABLES
from reconciler.catalog.tables.sales_insights import SALES_INSIGHTS_TABLES
from reconciler.emulator.context import Computed, Context, DataverseError, Operation, Row, Rows
from reconciler.emulator.domain import (
    activation,
    audit_history,
    auditing,
    consent_clock,
    customization_lock,
    events,
    guards,
    layers,
    notes,
    office_data,
    privileges,
)
from reconciler.emulator.domain.columns import with_platform_columns
from reconciler.emulator.domain.copies import copy_of, original_of
from reconciler.emulator.domain.events import plant_events
from reconciler.emulator.domain.form_labels import projected
from reconciler.emulator.domain.form_writes import base_language, written_form
from reconciler.emulator.domain.full_names import with_full_name
from reconciler.emulator.domain.functions import operations
from reconciler.emulator.domain.people import FALLBACK_LANGUAGE, add_user, administrator_role, find_user, grant, language_of, new_role
from reconciler.emulator.domain.planting import Planting
from reconciler.emulator.domain.planting_contents import plant_contents
from reconciler.emulator.domain.planting_people import plant_people
from reconciler.emulator.domain.planting_settings import audited_tables, plant_settings
from reconciler.emulator.domain.rights import RIGHTS_TABLES, Rights
from reconciler.emulator.domain.role_privileges import computed_privileges, computed_role_privileges, touch
from reconciler.emulator.domain.scenario import Scenario
from reconciler.emulator.domain.scenario_events import ConsentState
from reconciler.emulator.domain.scenario_files import NoSuchOrganization, ScenarioError, is_described, load_scenario
from reconciler.emulator.domain.solution_writes import named_solution, note_component
from reconciler.emulator.domain.tenant_directory import tenant_directory
from reconciler.emulator.errors import not_a_member

FORM = "systemform"
_OWNER = "_ownerid_value"


class SalesDomain:
    """Implements `Domain` for organizations with Dynamics 365 Sales. Scenarios are read once, when an organization is first touched."""

    def __init__(self, catalog: Catalog, scenarios_folder: Path | None, others: frozenset[str] = frozenset()) -> None:
        self.catalog = catalog
        self.associations: tuple[Association, ...] = ASSOCIATIONS
        self.drafted = frozenset({FORM})
        self.tables: Mapping[str, Table] = with_platform_columns(
            (*PLATFORM_TABLES, *SALES_TABLES, *ACTIVITY_TABLES, *SALES_INSIGHTS_TABLES, *catalog.tables)
        )
        self._folder = scenarios_folder
        self._others = others
        self._scenarios: dict[str, Scenario] = {}
        self._settings_tables = frozenset(table.name for table in catalog.tables)
        rights = Rights(self.tables)
        self._guard = privileges.Guard(rights)
        self.operations: Mapping[str, Operation] = operations(self.scenario, self._guard)
        self.computed: Mapping[str, Computed] = {
            "privilege": lambda _rows: computed_privileges(rights),
            "roleprivileges": lambda rows: computed_role_privileges(rows, rights),
        }

    def scenario(self, organization: str) -> Scenario:
        """The scenario of an organization. Raises DataverseError with the reason when its file cannot be used."""
        known = self._scenarios.get(organization)
        if known is None:
            try:
                known = self._copied(organization) or load_scenario(self._folder, organization, self._others)
            except NoSuchOrganization as error:
                raise DataverseError(404, "0x80040217", str(error)) from None
            except ScenarioError as error:
                raise _unusable(error) from None
            self._scenarios[organization] = known
        return known

    def _copied(self, organization: str) -> Scenario | None:
        copied = original_of(organization)
        if copied is None or is_described(self._folder, organization) or not is_described(self._folder, copied[0]):
            return None
        # Read once for all of its copies, which share it.
        return copy_of(self.scenario(copied[0]), copied[1])

    def settings(self, organization: str) -> Mapping[str, Any]:
        """What the server has to know of an organization.

        latency_seconds                 waited before each answer
        limits                          how much one caller may ask: Limits
        absent_tables, absent_columns   logical names of what this organization does not have; columns by table
        audited_tables                  tables whose changes are recorded while auditing is on
        directory                       tells the tenant's directory for Microsoft Graph: a function without parameters
        """
        scenario = self.scenario(organization)
        return {
            "latency_seconds": scenario.latency_seconds,
            "limits": scenario.limits.as_limits(),
            "absent_tables": scenario.absent_tables,
            "absent_columns": scenario.lacking_columns,
            "audited_tables": audited_tables(scenario, self.catalog),
            "directory": partial(tenant_directory, organization, scenario),
        }

    def seed(self, rows: Rows, organization: str, now: dt.datetime) -> None:
        """Fills an organization that is touched for the first time."""
        planting = Planting(rows, organization, self.scenario(organization), now, self.tables, self.catalog, self._folder)
        try:
            plant_people(planting)
            plant_contents(planting)
            plant_settings(planting)
            plant_events(planting)
        except ScenarioError as error:
            raise _unusable(error) from None

    def user(self, rows: Rows, now: dt.datetime, name: str, application_id: str | None, *, on_demand: bool = True) -> Row:
        """The user of that application id, full name or sign-in name; made on demand, as a System Administrator."""
        found = find_user(rows, name, application_id)
        if found is not None:
            return found
        if not on_demand:
            raise not_a_member()
        unit = next(row["businessunitid"] for row in rows.all("businessunit") if row.get("_parentbusinessunitid_value") is None)
        organization = str(rows.note(notes.ORGANIZATION_NAME))
        language = int(rows.note(notes.LANGUAGE) or FALLBACK_LANGUAGE)
        user = add_user(rows, organization, name=name, application_id=application_id, email="", unit=str(unit), language=language, now=now)
        administrator = administrator_role(rows)
        if administrator is not None:
            grant(rows, organization, "systemuser", user["systemuserid"], administrator)
        return user

    def is_due(self, rows: Rows, now: dt.datetime) -> bool:
        """Whether a lapse or an event has happened that is not stored yet."""
        return consent_clock.lapsed_at(rows, now) is not None or events.next_due(rows, now) is not None

    def settle(self, rows: Rows, now: dt.datetime) -> None:
        """Stores the lapses and events that have happened, each at its moment and in their order."""
        while True:
            lapse, event = consent_clock.lapsed_at(rows, now), events.next_due(rows, now)
            if event is not None and (lapse is None or event < lapse):
                self._perform(rows, event)
            elif lapse is not None:
                self._lapse(rows, lapse)
            else:
                return

    def _lapse(self, rows: Rows, moment: dt.datetime) -> None:
        with self._by_service(rows, moment):
            consent_clock.settle(rows, self.catalog, moment)

    def _perform(self, rows: Rows, moment: dt.datetime) -> None:
        user = self.user(rows, moment, events.author(rows), None)
        context = Context(str(rows.note(notes.ORGANIZATION_NAME)), rows, moment, user, "", self.tables, self.catalog)
        with self._by_service(rows, moment, only=REVOKED_TABLE):
            events.perform(context, self._write, self._delete)

    def _write(self, context: Context, table: str, before: Row, changes: Row) -> None:
        id = str(before[self.tables[table].primary_id])
        stored = self._stored(context, table, before, changes)
        context.rows.update(table, id, stored)

    def _delete(self, context: Context, table: str, before: Row) -> None:
        self._take_along(context, table, before)
        context.rows.delete(table, str(before[self.tables[table].primary_id]))

    def _by_service(self, rows: Rows, moment: dt.datetime, only: str | None = None) -> AbstractContextManager[None]:
        watched = [table for table in self.catalog.tables if only in (None, table.name)]
        return auditing.recording(rows, watched, user=consent_clock.service_user(rows), now=moment)

    def lock(self, rows: Rows, operation: str, until: dt.datetime) -> None:
        """Keeps others from publishing and from changing forms."""
        customization_lock.lock(rows, operation, until)

    def set_consent(self, rows: Rows, state: ConsentState, now: dt.datetime) -> None:
        """Grants or withdraws the Microsoft 365 consent at `now`; what had lapsed before stays lapsed."""
        self.settle(rows, now)
        with self._by_service(rows, now):
            consent_clock.set_consent(rows, state, now)

    def admit(self, context: Context) -> None:
        """Refuses a disabled user, and acting for others without the privilege for it."""
        self._guard.admit(context)

    def check_read(self, context: Context, table: str) -> None:
        """Refuses a caller without the privilege to read the table."""
        self._guard.check(context, "Read", table)
        if table == auditing.AUDIT:
            self._guard.check_privilege(context, audit_history.READ_SUMMARY, table)

    def before_pairing(self, context: Context, intersect: str, joined: Row | None = None) -> None:
        """Refuses to give roles or members without the privilege for it; what was given counts at once."""
        self._guard.check_pairing(context, intersect, joined)
        touch(context.rows)

    def after_read(self, context: Context, table: str, row: Row) -> Row:
        """The row as its reader sees it: statuses by the clock, forms in the reader's language."""
        if table == layers.LAYER:
            return layers.shown(context, row)
        if table == FORM and row.get("formxml"):
            language = language_of(context.rows, context.caller["systemuserid"])
            return {**row, "formxml": projected(row["formxml"], language, base_language(context))}
        if table not in self._settings_tables:
            return row
        shown = {**row, **activation.shown(context.rows, self.catalog, table, row, self.tables[table].primary_id, context.now)}
        if table == CONNECTOR_TABLE:
            shown[CONNECTOR_COLUMN] = consent_clock.connector(context.rows, self.catalog, row, context.now)
        if table == REVOKED_TABLE:
            shown |= office_data.shown(context.rows, self.catalog, row, context.now)
        moment = consent_clock.lapsed_at(context.rows, context.now)
        return shown if moment is None else {**shown, **consent_clock.lapse(context.rows, self.catalog, table, row, moment)}

    def before_write(self, context: Context, table: str, before: Row | None, changes: Row) -> Row:
        """What is stored of a write, after the refusals; the clocks of the features start here."""
        guards.check_virtual(table, "Create" if before is None else "Update")
        self._guard.check(context, "Create" if before is None else "Write", table)
        if before is not None and changes.get(_OWNER, before.get(_OWNER)) != before.get(_OWNER):
            self._guard.check(context, "Assign", table)
        solution = named_solution(context)
        primary_id = self.tables[table].primary_id
        if before is None:
            changes = {primary_id: str(uuid.uuid4()), **changes}
            changes = new_role(changes) if table == "role" else changes
        stored = self._stored(context, table, before, with_full_name(table, before, changes))
        if solution is not None and stored:
            note_component(context, solution, table, str((before or stored)[primary_id]))
        return stored

    def _stored(self, context: Context, table: str, before: Row | None, changes: Row) -> Row:
        """What is stored, and the audit row of it; whether the writer may write is somebody else's question."""
        if table == FORM:
            return written_form(context, before, changes)
        if table == "organization":
            guards.check_organization(context, before or {}, changes)
        if table in self._settings_tables:
            changes = self._settings_written(context, table, before, changes)
        if table in RIGHTS_TABLES:
            touch(context.rows)
        self._record(context, table, before, {**(before or {}), **changes})
        return changes

    def _record(self, context: Context, table: str, before: Row | None, after: Row | None) -> None:
        user = str(context.caller["systemuserid"])
        auditing.record(context.rows, self.tables[table], before=before, after=after, user=user, now=context.now)

    def _settings_written(self, context: Context, table: str, before: Row | None, changes: Row) -> Row:
        primary_id = self.tables[table].primary_id
        moment = consent_clock.lapsed_at(context.rows, context.now)
        if before is not None and moment is not None:
            # A write must meet the row as its writer saw it, even where nobody settled the clock's doings before.
            self._lapse(context.rows, moment)
            before = context.rows.get(table, str(before[primary_id])) or before
        id = str((before or changes)[primary_id])
        stored = before or {}
        if consent_clock.turns_connector_off(self.catalog, table, stored, changes):
            changes = {CONNECTOR_COLUMN: consent_clock.CONNECTOR_STOPPED, **changes}
        activation.start(context.rows, self.catalog, table, id, stored, changes, context.now)
        consent_clock.note_switches(context.rows, self.catalog, table, changes, context.now)
        return changes

    def before_delete(self, context: Context, table: str, before: Row) -> None:
        """Refuses to delete what must stay; the copies of a role go with it."""
        guards.check_virtual(table, "Delete")
        self._guard.check(context, "Delete", table)
        guards.check_deletion(table, before)
        self._take_along(context, table, before)

    def _take_along(self, context: Context, table: str, before: Row) -> None:
        if table in RIGHTS_TABLES:
            touch(context.rows)
        self._record(context, table, before, None)
        if table == "role":
            for copy in context.rows.all("role"):
                if copy.get("_parentrootroleid_value") == before["roleid"] and copy["roleid"] != before["roleid"]:
                    context.rows.delete("role", copy["roleid"])


def _unusable(error: ScenarioError) -> DataverseError:
    return DataverseError(500, "0x80040216", f"This organization of the embedded Dataverse cannot be started. {error}")
