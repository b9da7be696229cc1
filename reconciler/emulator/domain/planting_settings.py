"""Turns a scenario into the settings rows of an organization. Writes through the planting."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.catalog.consent import REVOKED_COLUMN, REVOKED_TABLE
from reconciler.catalog.regions import CONNECTIONS_TABLE, WITHOUT_ENHANCED_CONNECTIONS
from reconciler.catalog.tables.sales import SALES_TABLES
from reconciler.emulator.context import Row
from reconciler.emulator.domain import consent_clock
from reconciler.emulator.domain.notes import (
    AUDITED_TABLES,
    BEHAVIOUR,
    DATA_LOCATION,
    GENERATION,
    LANGUAGE,
    LICENSED,
    ORGANIZATION_NAME,
    PUBLISHING,
    UNAVAILABLE,
)
from reconciler.emulator.domain.planting import Planting
from reconciler.emulator.domain.planting_people import ROOT, role_id, unit_id
from reconciler.emulator.domain.scenario import EnabledRoles, Scenario
from reconciler.emulator.domain.scenario_files import ScenarioError
from reconciler.emulator.domain.stock import ROLE_NAMES

_ROLES_TABLE = "msdyn_odosmetadata"
_ROLES_COLUMN = "msdyn_enabledroles"


def plant_settings(planting: Planting) -> None:
    """The organization's own row, one row with defaults in every settings table (or what the scenario says), and the neighbours."""
    scenario = planting.scenario
    planting.rows.set_note(BEHAVIOUR, scenario.activation.model_dump(mode="json"))
    planting.rows.set_note(LICENSED, scenario.is_licensed)
    planting.rows.set_note(GENERATION, scenario.service_generation)
    planting.rows.set_note(DATA_LOCATION, scenario.tenant.data_location)
    planting.rows.set_note(UNAVAILABLE, [CONNECTIONS_TABLE] if scenario.region in WITHOUT_ENHANCED_CONNECTIONS else [])
    planting.rows.set_note(ORGANIZATION_NAME, planting.organization)
    planting.rows.set_note(LANGUAGE, scenario.language)
    planting.rows.set_note(PUBLISHING, scenario.publishing.seconds)
    _refuse_unknown_names(planting)
    planting.rows.set_note(AUDITED_TABLES, audited_tables(scenario, planting.catalog))
    _refuse_unknown(planting)
    for table in planting.catalog.tables:
        said = scenario.settings.get(table.name, {} if table.singleton else ())
        for number, row in enumerate((said,) if isinstance(said, dict) else said):
            _plant_row(planting, table.name, row, number)
    _plant_neighbours(planting)
    if scenario.enabled_roles is not None:
        _store_roles(planting, scenario.enabled_roles)
    consent_clock.begin(
        planting.rows,
        planting.catalog,
        consent=scenario.consent.state,
        now=planting.now,
        turned_on=_turned_on(planting),
    )


def audited_tables(scenario: Scenario, catalog: Catalog) -> tuple[str, ...]:
    """What is audited when the organization is: the tables that the scenario names, else settings, sales records and roles."""
    if scenario.audited_tables is not None:
        return tuple(sorted(set(scenario.audited_tables)))
    return tuple(sorted({*(table.name for table in (*catalog.tables, *SALES_TABLES)), "role"}))


def _refuse_unknown_names(planting: Planting) -> None:
    """What a scenario leaves out or audits must be there in the first place."""
    where = f"Scenario of {planting.organization}:"
    for key, names in (("auditedTables", planting.scenario.audited_tables or ()), ("absentColumns", planting.scenario.lacking_columns)):
        unknown = sorted(set(names) - set(planting.tables))
        if unknown:
            raise ScenarioError(f"{where} {key}: there is no table '{unknown[0]}'.")
    for table, columns in planting.scenario.lacking_columns.items():
        unknown = sorted(set(columns) - {column.name for column in planting.tables[table].columns})
        if unknown:
            raise ScenarioError(f"{where} absentColumns: {table} has no column '{unknown[0]}'.")


def _turned_on(planting: Planting) -> dt.datetime:
    return planting.now - dt.timedelta(days=planting.scenario.consent.turned_on_days_ago)


def _refuse_unknown(planting: Planting) -> None:
    for name, said in planting.scenario.settings.items():
        table = planting.tables.get(name)
        if table is None:
            raise ScenarioError(f"Scenario of {planting.organization}: settings: there is no table '{name}'.")
        columns = {column.name for column in table.columns}
        for row in (said,) if isinstance(said, dict) else said:
            unknown = sorted(set(row) - columns)
            if unknown:
                raise ScenarioError(f"Scenario of {planting.organization}: settings: {name} has no column '{unknown[0]}'.")


def _plant_row(planting: Planting, table: str, row: Row, number: int) -> None:
    described = planting.tables[table]
    base: Row = {described.primary_id: planting.id_of(table, *((str(number),) if number else ()))}
    if described.primary_name:
        base[described.primary_name] = described.label
    if table == "organization":
        base |= {"name": planting.scenario.friendly_name, "languagecode": planting.scenario.language}
        base["isauditenabled"] = planting.scenario.auditing
    author = planting.id_of("systemuser", planting.scenario.settings_by) if planting.scenario.settings_by else None
    # The settings rows were written when the features were turned on: that moment bounds the start of the consent's window.
    planting.put(table, {**base, **row}, author=author, written=_turned_on(planting))


def _plant_neighbours(planting: Planting) -> None:
    """Tables of Sales Insights that hold no setting of ours, and one row a feature of the Office data service."""
    rows: tuple[tuple[str, Row], ...] = (
        ("msdyn_relationshipinsightsunifiedconfig", {"new_name": "Unified config", "msdyn_usenewconfigexperience": True}),
        ("msdyn_salesinsightssettings", {"msdyn_name": "Settings", "msdyn_islicensepurchased": planting.scenario.is_licensed}),
        ("msdyn_siconfig", {"msdyn_version": "9.0.25031.10001"}),
    )
    revoked: Row = {"msdyn_featurename": "RelationshipIntelligence", REVOKED_COLUMN: planting.scenario.consent.state == "withdrawn"}
    native = planting.scenario.service_generation == "native-exchange"
    for table, row in (*rows, *(((REVOKED_TABLE, revoked),) if native and REVOKED_TABLE not in planting.scenario.settings else ())):
        planting.put(table, {planting.tables[table].primary_id: planting.id_of(table), **row})


def _store_roles(planting: Planting, enabled: EnabledRoles) -> None:
    templates = {planting.scenario.roles.renamed.get(key, name): key for key, name in ROLE_NAMES.items()}
    unit = planting.scenario.business_units[0].name if enabled.of == "copies" and planting.scenario.business_units else None
    there = {row["name"]: row["roleid"] for row in planting.rows.all("role") if row["_businessunitid_value"] == unit_id(planting, unit)}
    ids = [str(there.get(name) or role_id(planting, unit or ROOT, templates.get(name, name))) for name in enabled.roles]
    written: dict[str, Any] = {
        "json": json.dumps(ids),
        "comma": ",".join(ids),
        "names": ", ".join(enabled.roles),
        "json-names": json.dumps(list(enabled.roles), ensure_ascii=False),
        "braces": ";".join(f"{{{id.upper()}}}" for id in ids),
        "empty": "",
        "junk": "{not a list",
        "nothing": None,
    }
    for row in planting.rows.all(_ROLES_TABLE):
        planting.rows.update(_ROLES_TABLE, row[f"{_ROLES_TABLE}id"], {_ROLES_COLUMN: written[enabled.encoding]})
