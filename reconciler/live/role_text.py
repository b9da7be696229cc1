"""Turns the text of a role selection into roles and back, in the spelling in which it was found. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.live.odata import guid
from reconciler.model.fact import Absent, Fact, Known, Ref, Unknown

Encoding = Literal["json-ids", "json-names", "comma-ids", "comma-names"]
"""No public source says how the text is spelled, so an existing value keeps the spelling that it has."""

DEFAULT: Encoding = "json-ids"

_Form = Literal["json", "comma"]
_BY_ID: Mapping[_Form, Encoding] = {"json": "json-ids", "comma": "comma-ids"}
_BY_NAME: Mapping[_Form, Encoding] = {"json": "json-names", "comma": "comma-names"}


@dataclass(frozen=True, slots=True)
class RoleText:
    """What a stored text means, and how it is spelled."""

    fact: Fact
    encoding: Encoding | None = None


def roles_of(stored: Any, names: Mapping[str, str], *, max_length: int) -> RoleText:
    """The roles of a stored text, sorted by id. Text that is no list of roles is Unknown: it is never overwritten.

    names   id -> name of the root roles; a text of names is believed only when every one of them is a role
    """
    if stored is None or (isinstance(stored, str) and not stored.strip()):
        return RoleText(Absent())
    if not isinstance(stored, str):
        return RoleText(Unknown(f"{str(stored)[:80]!a} is not text"))
    if len(stored) > max_length:
        return RoleText(Unknown(f"it holds {len(stored)} characters, more than the {max_length} of the column"))
    form, parts = _parts(stored)
    if form is None:
        return RoleText(Unknown(f"it holds text that is no list of roles: {stored[:80]!a}"))
    if not parts:
        return RoleText(Absent(), _BY_ID[form])
    ids = [guid(part) for part in parts]
    if all(ids):
        return RoleText(Known(tuple(sorted(Ref(id, names.get(id, "")) for id in {id for id in ids if id}))), _BY_ID[form])
    if any(ids):
        return RoleText(Unknown(f"it mixes ids and other text: {stored[:80]!a}"))
    by_name: dict[str, list[str]] = {}
    for id, name in names.items():
        by_name.setdefault(name, []).append(id)
    strangers = [part for part in parts if len(by_name.get(part, ())) != 1]
    if strangers:
        return RoleText(Unknown(f"{strangers[0][:80]!a} is neither the id nor the name of one role"))
    return RoleText(Known(tuple(sorted({Ref(by_name[part][0], part) for part in parts}))), _BY_NAME[form])


def text_of(roles: tuple[Ref, ...], encoding: str | None) -> str:
    """The text of a role selection. Raises ValueError when a name is needed and not known, or would be split in two."""
    ordered = sorted(set(roles))
    if any(guid(role.id) is None for role in ordered):
        raise ValueError("a role without an id cannot be stored")
    ids, names = [role.id.lower() for role in ordered], [role.name for role in ordered]
    match encoding or DEFAULT:
        case "json-ids":
            return json.dumps(ids, separators=(",", ":"))
        case "comma-ids":
            return ",".join(ids)
        case "json-names" if all(names):
            return json.dumps(names, separators=(",", ":"), ensure_ascii=False)
        case "comma-names" if all(names) and not any("," in name for name in names):
            return ",".join(names)
        case "json-names" | "comma-names":
            raise ValueError("the selection is stored by name, and the name of a role is not known or holds a comma")
        case other:
            raise ValueError(f"{other!a} is not a spelling of role selections")


def _parts(text: str) -> tuple[_Form | None, list[str]]:
    if text.lstrip()[:1] not in ("[", "{", '"'):
        parts = [part.strip() for part in text.split(",")]
        return ("comma", parts) if all(parts) else (None, [])
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    # "{guid},{guid}" begins like JSON and is a plain list.
    if found is None and text.lstrip().startswith("{") and all(guid(part) for part in text.split(",")):
        return "comma", [part.strip() for part in text.split(",")]
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        return None, []
    return "json", found
