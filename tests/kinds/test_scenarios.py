"""Golden scenarios, a folder each: a wish, an organization, the plan, the writes; and afterwards there is nothing left to plan.

environment.yaml    what is declared (the connection is appended by the test)
organization.yaml   how the embedded Dataverse is set up
*.xml               forms that it names
plan.txt            exit code and text of `rictl plan --detailed-exitcode`
requests.txt        the writes of `rictl apply`, in order

`make golden` writes the last two anew.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.cli.app import run
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse

HERE = Path(__file__).parent
SCENARIOS = sorted(path.parent for path in HERE.glob("*/*/environment.yaml"))
TOKEN = "golden-token"
NAME = "golden"


@pytest.fixture
def scenario(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedDataverse]:
    folder: Path = request.param
    environments = tmp_path / "environments"
    (environments / "_emulator").mkdir(parents=True)
    shutil.copy(folder / "organization.yaml", environments / "_emulator" / f"{NAME}.yaml")
    for form in folder.glob("*.xml"):
        shutil.copy(form, environments / "_emulator")
    domain = build_domain(CATALOG, environments / "_emulator")
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=domain, catalog=CATALOG, token=TOKEN) as server:
        wish = (folder / "environment.yaml").read_text(encoding="utf-8")
        (environments / f"{NAME}.yaml").write_text(f"{wish}\nconnection:\n  url: {server.url(NAME)}\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("RICTL_ACCESS_TOKEN", TOKEN)
        yield server


def plan_text(capsys: pytest.CaptureFixture[str]) -> str:
    code = run(["plan", "--detailed-exitcode", "--allow-host", "127.0.0.1"])
    captured = capsys.readouterr()
    return f"exit {code}\n{steady(captured.out)}"


def steady(text: str) -> str:
    """The text without what differs from run to run: ports, times and days of the clock."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "DATE TIME", text)
    return re.sub(r"\d{4}-\d\d-\d\d", "DATE", text)


def writes(server: EmbeddedDataverse) -> str:
    """The writes since the log was cleared. The embedded Dataverse makes the same ids every time; those of new rows are random (v4)."""
    lines = [
        f"{logged.method} {logged.path.split('/api/data/')[-1]}"
        for logged in server.requests
        if logged.method != "GET" and not logged.path.endswith("$batch")
    ]
    text = "\n".join([*lines, ""]) if lines else "none\n"
    return re.sub(r"\([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\)", "(NEW)", text)


def compare(path: Path, actual: str) -> None:
    if os.environ.get("RICTL_GOLDEN") == "write":
        path.write_text(actual, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")

    assert expected == actual


@pytest.mark.parametrize("scenario", SCENARIOS, indirect=True, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_scenario(request: pytest.FixtureRequest, scenario: EmbeddedDataverse, capsys: pytest.CaptureFixture[str]) -> None:
    folder: Path = request.node.callspec.params["scenario"]

    text = plan_text(capsys)
    compare(folder / "plan.txt", text)
    assert writes(scenario) == "none\n"

    scenario.clear_requests()
    code = run(["apply", "--auto-approve", "--allow-host", "127.0.0.1"])
    shown = capsys.readouterr()
    compare(folder / "requests.txt", writes(scenario))
    if not text.startswith(("exit 0", "exit 2")):
        assert (code, writes(scenario)) == (int(text[5]), "none\n")
        return
    assert code == 0, shown.out + shown.err
    again = plan_text(capsys)
    assert again.startswith("exit 0\n"), again


@pytest.mark.parametrize("kind", [*(kind.name for kind in CATALOG.kinds), "form_widgets"])
def test_every_kind_has_a_scenario(kind: str) -> None:
    assert any(folder.parent.name == kind for folder in SCENARIOS)


def test_every_field_changes_in_some_scenario() -> None:
    plans = "\n".join((folder / "plan.txt").read_text(encoding="utf-8") for folder in SCENARIOS)
    silent = [f"{kind.name}.{field.name}" for kind, field in CATALOG.fields() if field.binding and field.binding.column not in plans]

    assert silent == []
