"""Turns the choices of a column into OptionSet metadata with labels. Pure."""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.catalog.table import Column, Option, Table
from reconciler.emulator.errors import NAMESPACE
from reconciler.emulator.rows.status_reasons import default_reason

_IDS = uuid.UUID("7f0c8a54-6f0e-4d7c-9b1e-0c5b7d3e2a10")
_LANGUAGE = 1033


def label_of(text: str, id: str) -> dict[str, Any]:
    """A label as the metadata shows it: in English only, whatever the language of the organization."""
    label = {"Label": text, "LanguageCode": _LANGUAGE, "IsManaged": True, "MetadataId": id, "HasChanged": None}
    return {"LocalizedLabels": [label], "UserLocalizedLabel": dict(label)}


def option_set_of(table: Table, column: Column, select: tuple[str, ...] | None) -> dict[str, Any]:
    """The OptionSet of a choice column; its MetadataId is there whatever was selected."""
    name = f"{table.name}_{column.name}"
    options = [
        {
            **_of_its_state(table, column, option),
            "Value": option.value,
            "Label": label_of(option.label, str(uuid.uuid5(_IDS, f"{name}/{option.value}"))),
            "IsManaged": True,
            "MetadataId": None,
        }
        for option in column.options
    ]
    kind = column.type if column.type in ("State", "Status") else "Picklist"
    found = {"Name": name, "IsGlobal": False, "OptionSetType": kind, "Options": options}
    kept = found if select is None else {key: value for key, value in found.items() if key in select}
    return {"MetadataId": str(uuid.uuid5(_IDS, name)), **kept}


def _of_its_state(table: Table, column: Column, option: Option) -> dict[str, Any]:
    """What binds states and status reasons together."""
    if column.type == "Status":
        return {"@odata.type": f"#{NAMESPACE}.StatusOptionMetadata", "State": option.state, "TransitionData": None}
    if column.type == "State":
        chosen = default_reason(table.column("statuscode"), option.value)
        return {"@odata.type": f"#{NAMESPACE}.StateOptionMetadata", "DefaultStatus": chosen, "InvariantName": option.label}
    return {}
