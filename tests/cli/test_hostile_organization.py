"""An organization, a form and a file that are named to do harm, planned through the embedded Dataverse into every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.report.escape import escape
from reconciler.report.formats.book import names_for
from tests.report.test_hostile import CORPUS, seen, structure, words

Rictl = Callable[..., tuple[int, str, str]]
NAMES = ("script", "markdown", "github", "azure", "directions", "template", "table")


def planned(rictl: Rictl, workspace: Path, name: str) -> dict[str, str]:
    """The reports of an environment whose organization and whose missing form have this name."""
    # The file is refused with more than one line in a name, or with a variable; Dataverse takes anything.
    whole, quoted = json.dumps(name), json.dumps(name.split("\n")[0].replace("${", "{"))
    scenario, file = workspace / "environments" / "_emulator" / "small.yaml", workspace / "environments" / "small.yaml"
    scenario.write_text(f"friendlyName: {whole}\nforms:\n  - {{table: lead, name: {quoted}, builtin: contoso_lead}}\n", encoding="utf-8")
    text = file.read_text(encoding="utf-8").replace("form: Contoso Lead", f"form: {quoted}")
    file.write_text(f"{text}  - table: contact\n    form: {quoted}\n    widgets:\n      - widget: who-knows-whom\n", encoding="utf-8")
    formats = names_for("plan")
    for each in formats:
        (workspace / f"report.{each}").unlink(missing_ok=True)
    code, out, err = rictl("plan", *(word for each in formats for word in ("--format", f"{each}=report.{each}")))
    assert (code, (workspace / "report.text").exists()) == (1, True), out + err
    return {each: (workspace / f"report.{each}").read_text(encoding="utf-8") for each in formats}


@pytest.fixture
def harmless(rictl: Rictl, workspace: Path) -> dict[str, Any]:
    before = {path: path.read_text(encoding="utf-8") for path in workspace.glob("environments/**/*.yaml")}
    reports = planned(rictl, workspace, "A name of no harm whatever")
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")
    assert rictl("emulator", "reset", "small")[0] == 0
    return {name: structure(name, text) for name, text in reports.items()}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_an_organization_are_only_names(rictl: Rictl, workspace: Path, harmless: dict[str, Any], name: str) -> None:
    reports = planned(rictl, workspace, CORPUS[name])

    assert {each: structure(each, text) for each, text in reports.items()} == harmless
    for each, text in reports.items():
        assert seen(escape(CORPUS[name].split("\n")[0])[:30]) in seen(escape(words(each, text))), each
