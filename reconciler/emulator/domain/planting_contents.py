"""Turns a scenario into solutions, controls, e-mail templates, views and forms. Writes through the planting."""

from __future__ import annotations

from reconciler.emulator.context import Row
from reconciler.emulator.domain.form_text import check_form
from reconciler.emulator.domain.layers import plant_layer
from reconciler.emulator.domain.moments import as_text
from reconciler.emulator.domain.planting import NEVER_OVERWRITTEN, Planting, managed_property
from reconciler.emulator.domain.scenario import Form
from reconciler.emulator.domain.scenario_files import ScenarioError, form_text, pending_text
from reconciler.emulator.domain.stock import CONTROLS, FORMS, SOLUTIONS, STANDARD_SOLUTION, TEMPLATES, VIEWS


def plant_contents(planting: Planting) -> None:
    """Everything that was delivered with the organization or made in it, but settings."""
    _plant_solutions(planting)
    for name in (*CONTROLS, *planting.scenario.controls.extra):
        if name not in planting.scenario.controls.absent:
            planting.put(
                "customcontrol",
                {
                    "customcontrolid": planting.id_of("customcontrol", name),
                    "name": name,
                    "version": "1.0.0",
                    "compatibledatatypes": "",
                    "ismanaged": True,
                },
            )
    for template in (*TEMPLATES, *planting.scenario.templates):
        planting.put(
            "template",
            {
                "templateid": planting.id_of("template", template.title),
                "title": template.title,
                "templatetypecode": template.type,
                "subject": template.subject,
                "body": template.body,
                "languagecode": planting.scenario.language,
            },
        )
    _plant_views(planting)
    controls = frozenset(row["name"] for row in planting.rows.all("customcontrol"))
    for form in (*FORMS, *planting.scenario.forms):
        _plant_form(planting, form, controls)


def _plant_solutions(planting: Planting) -> None:
    publishers = (("MicrosoftCorporation", "msdyn", True), ("Contoso", "contoso", False))
    for name, prefix, read_only in publishers:
        planting.put(
            "publisher",
            {
                "publisherid": planting.id_of("publisher", name),
                "uniquename": name,
                "friendlyname": name,
                "customizationprefix": prefix,
                "isreadonly": read_only,
            },
        )
    for solution in (*SOLUTIONS, *planting.scenario.solutions):
        if solution.unique_name in planting.scenario.missing_solutions:
            continue
        publisher = "MicrosoftCorporation" if solution.managed else "Contoso"
        planting.put(
            "solution",
            {
                "solutionid": planting.id_of("solution", solution.unique_name),
                "uniquename": solution.unique_name,
                "friendlyname": solution.name or solution.unique_name,
                "version": solution.version,
                "ismanaged": solution.managed,
                "_publisherid_value": planting.id_of("publisher", publisher),
                "installedon": as_text(planting.now),
            },
        )


def _plant_views(planting: Planting) -> None:
    for table, name in VIEWS:
        planting.put(
            "savedquery",
            {
                "savedqueryid": planting.id_of("savedquery", table, name),
                "name": name,
                "returnedtypecode": table,
                "querytype": 0,
                "isdefault": True,
                "fetchxml": f'<fetch version="1.0"><entity name="{table}"><attribute name="createdon" /></entity></fetch>',
                "layoutxml": f'<grid name="resultset" object="1" jump="{table}" select="1" />',
                "ismanaged": True,
                "iscustomizable": managed_property(True, "iscustomizable"),
            },
        )


def _plant_form(planting: Planting, form: Form, controls: frozenset[str]) -> None:
    text = form_text(planting.folder, form)
    id = (form.id or planting.id_of("systemform", form.table, form.name)).lower()
    row: Row = {
        "formid": id,
        "name": form.name,
        "objecttypecode": form.table,
        "type": form.type,
        "formxml": text,
        "formactivationstate": int(form.active),
        "ismanaged": form.managed,
        "iscustomizable": managed_property(form.customizable, "iscustomizable", can_change=not form.managed),
        "canbedeleted": managed_property(not form.managed, "canbedeleted"),
        "formidunique": planting.id_of("systemform", form.table, form.name, "unique"),
        "introducedversion": "1.0.0.0",
        "publishedon": as_text(planting.now),
        "overwritetime": NEVER_OVERWRITTEN,
        "_organizationid_value": planting.organization_id,
    }
    for draft in (text, *((pending_text(planting.folder, form.pending),) if form.pending else ())):
        problem = check_form(draft, controls | frozenset(planting.scenario.controls.absent))
        if problem:
            raise ScenarioError(f"Scenario of {planting.organization}: form '{form.name}' of {form.table}: {problem[1]}")
    planting.put("systemform", row)
    plant_layer(planting, row, (form.solution or STANDARD_SOLUTION) if form.managed else None)
    if form.pending:
        draft = {"formxml": pending_text(planting.folder, form.pending), "componentstate": 1}
        planting.rows.update("systemform", id, draft, draft=True)
