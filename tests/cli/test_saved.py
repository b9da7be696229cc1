from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.cli.apply import _refusal
from reconciler.cli.saved import moved_since
from reconciler.model.run import PlanRun
from reconciler.report.plan_document import document_of
from tests.plan.worlds import NOW, organization, plan, wish

PLAN = plan(wish(), organization())


def test_one_organization_under_two_addresses_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    changing = plan(wish({("relationship_analytics", "communicationFrequency"): "once-a-week"}), organization())
    other = replace(changing, environment="alias", target=replace(PLAN.target, url="https://alias.crm4.dynamics.com"))

    assert _refusal(PlanRun((changing, other), (), NOW, "0"), None, details=True) == 1
    said = capsys.readouterr().err
    assert "contoso-test and alias are one organization" in said
    assert said.endswith("Nothing was written anywhere.\n")
    assert _refusal(PlanRun((PLAN,), (), NOW, "0"), None, details=True) is None


def test_what_a_plan_file_says_reaches_the_terminal_escaped() -> None:
    foreign = replace(PLAN, target=replace(PLAN.target, organization_id="\x1b[2J"))
    document = document_of(PlanRun((replace(PLAN, environment="\x1b]0;title"), foreign), (), NOW, "0"))

    lines = moved_since(document, [PLAN])

    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
