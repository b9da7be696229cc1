"""Turns the choices of a column into OptionSet metadata with labels. Pure."""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.catalog.table import Column, Table

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
            "Value": option.value,
            "Label": label_of(option.label, str(uuid.uuid5(_IDS, f"{name}/{option.value}"))),
            "IsManaged": True,
            "MetadataId": None,
        }
        for option in column.options
    ]
    found = {"Name": name, "IsGlobal": False, "OptionSetType": "Picklist", "Options": options}
    kept = found if select is None else {key: value for key, value in found.items() if key in select}
    return {"MetadataId": str(uuid.uuid5(_IDS, name)), **kept}
