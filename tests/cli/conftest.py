"""A workspace in a temporary folder, with one environment that lives in the embedded Dataverse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.app import run

ENVIRONMENT = """\
apiVersion: rictl/v1
kind: Environment
metadata: {name: small}
accept: [inferred-activation-by-patch, inferred-options-table, inferred-widget-xml]
connection: {emulator: small}
relationshipIntelligence:
  relationshipAnalytics:
    enabled: true
    activityWeights: {email: 7}
forms:
  - table: lead
    form: Contoso Lead
    widgets:
      - widget: who-knows-whom
"""
ORGANIZATION = """\
friendlyName: Small
activation: {seconds: 0.1}
forms:
  - {table: lead, name: Contoso Lead, builtin: contoso_lead}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scenarios = tmp_path / "environments" / "_emulator"
    scenarios.mkdir(parents=True)
    (tmp_path / "environments" / "small.yaml").write_text(ENVIRONMENT, encoding="utf-8")
    (scenarios / "small.yaml").write_text(ORGANIZATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def rictl(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs one command line in this process; returns exit code, stdout and stderr."""
    assert workspace.is_dir()

    def call(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
