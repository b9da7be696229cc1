"""Labels in the caller's language: whoever compares labels instead of values is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator.domain_served import ANALYTICS, WKW, caller, only, served

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
PEOPLE = """
users:
  - {name: Ana, roles: [System Administrator], language: 1048}
  - {name: Giulia, roles: [System Administrator], language: 1040}
  - {name: Jonas, roles: [System Administrator], language: 1031}
settings:
  msdyn_activityanalysisconfig: {msdyn_exchangemarsstatus: 401, msdyn_datasource: 3}
"""


@pytest.mark.parametrize(
    ("user", "base", "labels"),
    [
        ("Ana", 1033, ("Nu", "Niciunul", "Ambele", "Activare nereușită din lipsa consimțământului")),
        ("Giulia", 1033, ("No", "Nessuno", "Entrambi", "Attivazione non riuscita per mancato consenso")),
        ("Jonas", 1033, ("No", "None", "Both", "ActivationFailedDueToOptin")),
        ("Jonas", 1048, ("Nu", "Niciunul", "Ambele", "Activare nereușită din lipsa consimțământului")),
        ("Jonas", 1036, ("No", "None", "Both", "ActivationFailedDueToOptin")),
        (None, 1040, ("No", "Nessuno", "Entrambi", "Attivazione non riuscita per mancato consenso")),
    ],
)
def test_choices_are_labelled_in_the_language_of_the_caller_else_of_the_organization(
    tmp_path: Path, user: str | None, base: int, labels: tuple[str, ...]
) -> None:
    with served(tmp_path, f"{PEOPLE}language: {base}") as server:
        api = caller(server, user)
        wkw = only(api, WKW, Prefer='odata.include-annotations="*"')
        analytics = only(api, ANALYTICS, Prefer='odata.include-annotations="*"')
        found = [wkw[f"{name}{FORMATTED}"] for name in ("msdyn_iswkwenabled", "msdyn_currentstatus")]
        found += [analytics[f"{name}{FORMATTED}"] for name in ("msdyn_datasource", "msdyn_exchangemarsstatus")]
        assert tuple(found) == labels
        assert (analytics["msdyn_datasource"], analytics["msdyn_exchangemarsstatus"]) == (3, 401)


def test_a_caller_who_changes_the_language_reads_the_other_labels_at_once(tmp_path: Path) -> None:
    with served(tmp_path, "{}") as server:
        api = caller(server)
        who = api.get("WhoAmI").body["UserId"]
        assert api("PATCH", f"usersettingscollection({who})", {"uilanguageid": 1048}).status == 204
        assert only(api, WKW, Prefer='odata.include-annotations="*"')[f"msdyn_iswkwenabled{FORMATTED}"] == "Nu"
