"""Where forms come from: solution layers, components of solutions, and what a customization puts on top."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.domain_served import caller, only, patch, served
from tests.emulator.wire import Client

SCENARIO = """
solutions: [{uniqueName: FabrikamDesk, managed: true}]
forms:
  - {table: lead, name: Ours, builtin: contoso_lead}
  - {table: account, name: Theirs, builtin: fabrikam_account, managed: true, solution: FabrikamDesk}
  - {table: account, name: Closed, builtin: account, managed: true, customizable: false}
"""


def layers(api: Client, form: str) -> list[dict[str, Any]]:
    asked = f"msdyn_componentlayers?$filter=(msdyn_componentid eq '{form}' and msdyn_solutioncomponentname eq 'SystemForm')"
    rows: list[dict[str, Any]] = api.get(f"{asked}&$orderby=msdyn_order").body["value"]
    return rows


def form_of(api: Client, name: str) -> str:
    return str(only(api, f"systemforms?$filter=name eq '{name}' and type eq 2 and objecttypecode ne 'contact'&$select=formid")["formid"])


@pytest.mark.parametrize(("name", "solution"), [("Ours", "Active"), ("Theirs", "FabrikamDesk"), ("Lead", "msdynce_Sales")])
def test_a_form_has_the_layer_of_the_solution_that_brought_it(tmp_path: Path, name: str, solution: str) -> None:
    with served(tmp_path, SCENARIO) as server:
        api = caller(server)
        form = form_of(api, name)
        [layer] = layers(api, form)
        assert (layer["msdyn_solutionname"], layer["msdyn_order"], layer["msdyn_name"]) == (solution, 1, name)
        contents = json.loads(layer["msdyn_componentjson"])
        text = next(pair["Value"] for pair in contents["Attributes"] if pair["Key"] == "formxml")
        assert (contents["Id"], text[:5]) == (form, "<form")
        home = "Default" if solution == "Active" else solution
        component = f"solutioncomponents?$filter=objectid eq {form}&$expand=solutionid($select=uniquename)"
        assert only(api, component)["solutionid"]["uniquename"] == home


def test_a_customization_covers_the_managed_layer_and_keeps_it(tmp_path: Path) -> None:
    with served(tmp_path, SCENARIO) as server:
        api = caller(server)
        form = form_of(api, "Lead")
        before = only(api, f"systemforms?$filter=formid eq {form}")["formxml"]
        for label in ("One", "Two"):
            patch(api, f"systemforms({form})", {"formxml": before.replace("<form", f"<!-- {label} --><form", 1)})
        assert api("POST", "PublishAllXml").status == 204
        below, active = layers(api, form)
        assert [layer["msdyn_solutionname"] for layer in (below, active)] == ["msdynce_Sales", "Active"]
        assert (below["msdyn_overwritetime"], active["msdyn_overwritetime"]) == ("2026-11-23T12:00:00Z", "1900-01-01T00:00:00Z")
        texts = [
            next(pair["Value"] for pair in json.loads(layer["msdyn_changes"])["Attributes"] if pair["Key"] == "formxml")
            for layer in (below, active)
        ]
        assert [text[:12] for text in texts] == [before[:12], "<!-- Two -->"]


def test_a_form_that_is_not_customizable_gets_no_layer_and_no_draft(tmp_path: Path) -> None:
    with served(tmp_path, SCENARIO) as server:
        api = caller(server)
        form = form_of(api, "Closed")
        before = api.get(f"systemforms({form})").body
        patch(api, f"systemforms({form})", {"formxml": "<form><tabs /></form>"})
        draft = api.get(f"systemforms({form})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").body
        assert (draft["formxml"], draft["componentstate"], draft["@odata.etag"]) == (before["formxml"], 0, before["@odata.etag"])
        assert len(layers(api, form)) == 1


def test_layers_cannot_be_written(tmp_path: Path) -> None:
    with served(tmp_path, "{}") as server:
        assert caller(server)("POST", "msdyn_componentlayers", {"msdyn_name": "x"}).error == (400, "0x80040800")
