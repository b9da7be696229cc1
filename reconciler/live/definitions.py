"""Turns EntityDefinitions into what is known of tables, and into complaints where they do not fit the catalogue. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.catalog.book import Catalog
from reconciler.catalog.table import Table
from reconciler.catalog.types import Choice, Flag
from reconciler.live.answer import Answer
from reconciler.live.doubts import doubt
from reconciler.live.odata import literal, name, query
from reconciler.model.errors import RemoteError
from reconciler.model.fact import Unknown
from reconciler.model.live import MetadataFact, NoRow, TableMetadata

FORM_TABLE = "systemform"
_FORM_COLUMNS = {"formid": "Uniqueidentifier", "formxml": "Memo"}
_COLUMNS = "Attributes($select=LogicalName,AttributeType)"
_CHOICES = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata"


def definition_of(table: str) -> str:
    """The address of a table's definition with its columns."""
    address = f"EntityDefinitions(LogicalName={literal(name(table))})"
    return query(address, select="LogicalName,IsOptimisticConcurrencyEnabled", expand=_COLUMNS)


def choices_of(table: str) -> str:
    """The address of the codes of a table's choice columns."""
    address = f"EntityDefinitions(LogicalName={literal(name(table))})/Attributes/{_CHOICES}"
    return query(address, select="LogicalName", expand="OptionSet($select=Options)")


def metadata_of(answer: Answer, table: str) -> MetadataFact:
    """What a definition says; NoRow when there is no such table."""
    if answer.status == 404:
        return NoRow()
    if not answer.is_success:
        return doubt(answer, f"the definition of {table}")
    try:
        found = answer.document()
    except RemoteError as error:
        return Unknown(f"the definition of {table}: {error.what}")
    attributes = found.get("Attributes")
    if found.get("LogicalName") != table or not isinstance(attributes, list):
        return Unknown(f"the definition of {table} is not whole")
    columns = {
        attribute["LogicalName"]: attribute["AttributeType"]
        for attribute in attributes
        if isinstance(attribute, Mapping)
        and isinstance(attribute.get("LogicalName"), str)
        and isinstance(attribute.get("AttributeType"), str)
    }
    return TableMetadata(columns, found.get("IsOptimisticConcurrencyEnabled") is True)


def codes_of(answer: Answer) -> dict[str, frozenset[int]] | Unknown:
    """Column -> codes of the choice columns of a table."""
    if not answer.is_success:
        return doubt(answer, "the choices")
    try:
        rows = answer.rows()
    except RemoteError as error:
        return Unknown(f"the choices: {error.what}")
    codes: dict[str, frozenset[int]] = {}
    for row in rows:
        chosen = row.get("OptionSet")
        listed = chosen.get("Options") if isinstance(chosen, Mapping) else None
        options = listed if isinstance(listed, list) else []
        codes[str(row.get("LogicalName"))] = frozenset(
            o["Value"] for o in options if isinstance(o, Mapping) and isinstance(o.get("Value"), int)
        )
    return codes


def complaint_about(table: str, metadata: MetadataFact, catalog: Catalog) -> str | None:
    """Why a table does not fit what rictl would write to it; None when it does."""
    if isinstance(metadata, Unknown):
        return metadata.reason
    if isinstance(metadata, NoRow):
        return f"the table {table} does not exist in this environment"
    wanted = _FORM_COLUMNS if table == FORM_TABLE else wanted_columns(table, catalog)
    for column, type in wanted.items():
        if column not in metadata.columns:
            return f"{table} has no column {column} in this environment"
        if metadata.columns[column] != type:
            return f"{table}.{column} is of type {metadata.columns[column]} in this environment, not {type}"
    return None


def wanted_columns(table: str, catalog: Catalog) -> dict[str, str]:
    """The columns that a plan may read or write in a table, with their types: the bound ones, the status and the id."""
    described = next((known for known in catalog.tables if known.name == table), None)
    if described is None:
        return {}
    bound = [field.binding.column for _, field in catalog.fields() if field.binding and field.binding.table == table]
    bound += [kind.activation.column for kind in catalog.kinds if kind.activation and kind.activation.table == table]
    return {column: described.column(column).type for column in (described.primary_id, *bound)}


def wanted_codes(table: Table, catalog: Catalog) -> dict[str, frozenset[int]]:
    """The codes that a plan may write to choice columns of a table."""
    codes: dict[str, frozenset[int]] = {}
    for _, field in catalog.fields():
        if field.binding is None or field.binding.table != table.name or table.column(field.binding.column).type != "Picklist":
            continue
        if isinstance(field.type, Choice):
            codes[field.binding.column] = frozenset(code for _, code in field.type.codes)
        elif isinstance(field.type, Flag):
            codes[field.binding.column] = frozenset({int(field.type.on), int(field.type.off)})
    return codes


def complaint_about_codes(table: Table, answer: Answer, catalog: Catalog) -> str | None:
    """Why the choices of a table do not offer the codes that rictl would write; None when they do."""
    offered = codes_of(answer)
    if isinstance(offered, Unknown):
        return f"{table.name}: {offered.reason}"
    for column, codes in wanted_codes(table, catalog).items():
        missing = sorted(codes - offered.get(column, frozenset()))
        if missing:
            return f"{table.name}.{column} does not offer the code {missing[0]} in this environment"
    return None
