"""Turns a form's delivery and its customization into solution layers. Reads and writes the Rows it is given.

The table is virtual in the service: one row a solution that contributes to a component, `Active` for what was done in this
organization. Names and order as seen in public clients of it; what stands in `msdyn_overwritetime` of a covered layer is inferred.
"""

from __future__ import annotations

import json

from reconciler.emulator.context import Context, Row, Rows
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.domain.moments import as_text
from reconciler.emulator.domain.planting import NEVER_OVERWRITTEN, Planting

LAYER = "msdyn_componentlayer"
ACTIVE = "Active"
FORM_COMPONENT = 60
_FORM = "systemform"
_COLUMNS = ("name", "description", "objecttypecode", "type", "formxml", "formactivationstate")


def plant_layer(planting: Planting, form: Row, solution: str | None) -> None:
    """The layer in which a form was delivered, and its place in the solution; without a solution it was made in this organization."""
    name = solution or ACTIVE
    _insert(planting.rows, planting.organization, form, name, 1)
    found = next((row for row in planting.rows.all("solution") if row["uniquename"] == (solution or "Default")), None)
    if found is not None:
        add_component(planting.rows, planting.organization, str(found["solutionid"]), str(found["uniquename"]), str(form["formid"]))


def add_component(rows: Rows, organization: str, solution_id: str, solution: str, component: str, kind: int = FORM_COMPONENT) -> None:
    """Records a component, a form unless its kind says otherwise, in a solution, once."""
    id = stable_id(organization, "solutioncomponent", solution, component)
    if rows.get("solutioncomponent", id) is None:
        rows.insert(
            "solutioncomponent",
            {
                "solutioncomponentid": id,
                "objectid": component,
                "componenttype": kind,
                "_solutionid_value": solution_id,
                "rootcomponentbehavior": 0,
            },
        )


def note_customization(context: Context, form: Row) -> None:
    """Puts the unmanaged layer on top of a managed form that is written for the first time; it covers the layer below from now on."""
    id = str(form["formid"])
    if not form.get("ismanaged") or context.rows.get(LAYER, _id(context.organization, id, ACTIVE)) is not None:
        return
    delivered = context.rows.get(_FORM, id) or form
    for layer in context.rows.all(LAYER):
        if layer["msdyn_componentid"] == id:
            covered = {"msdyn_overwritetime": as_text(context.now), "delivered": {name: delivered.get(name) for name in _COLUMNS}}
            context.rows.update(LAYER, str(layer["msdyn_componentlayerid"]), covered)
    _insert(context.rows, context.organization, form, ACTIVE, 2)


def shown(context: Context, layer: Row) -> Row:
    """The layer with what it contributes: the form as it was delivered, or as it is now."""
    form = layer.get("delivered") or context.rows.get(_FORM, str(layer["msdyn_componentid"])) or {}
    attributes = [{"Key": name, "Value": form[name]} for name in _COLUMNS if form.get(name) is not None]
    contents = {"LogicalName": "SystemForm", "Id": layer["msdyn_componentid"], "Attributes": attributes}
    changes = {"Attributes": [pair for pair in attributes if layer["msdyn_order"] == 1 or pair["Key"] == "formxml"]}
    return {
        **layer,
        "msdyn_componentjson": json.dumps(contents, ensure_ascii=False),
        "msdyn_changes": json.dumps(changes, ensure_ascii=False),
    }


def _insert(rows: Rows, organization: str, form: Row, solution: str, order: int) -> None:
    id = str(form["formid"])
    rows.insert(
        LAYER,
        {
            "msdyn_componentlayerid": _id(organization, id, solution),
            "msdyn_name": form["name"],
            "msdyn_componentid": id,
            "msdyn_solutioncomponentname": "SystemForm",
            "msdyn_solutionname": solution,
            "msdyn_publishername": _publisher(rows, solution),
            "msdyn_order": order,
            "msdyn_overwritetime": NEVER_OVERWRITTEN,
            "msdyn_children": "[]",
        },
    )


def _id(organization: str, form: str, solution: str) -> str:
    return stable_id(organization, LAYER, form, solution)


def _publisher(rows: Rows, solution: str) -> str:
    owner = next((row.get("_publisherid_value") for row in rows.all("solution") if row["uniquename"] == solution), None)
    return str(next((row["friendlyname"] for row in rows.all("publisher") if row["publisherid"] == owner), "Default Publisher"))
