from __future__ import annotations

from dataclasses import replace

from reconciler.cli.saved import moved_since
from reconciler.report.plan_document import document_of
from tests.plan.worlds import NOW, organization, plan, wish

PLAN = plan(wish(), organization())


def test_what_a_plan_file_says_reaches_the_terminal_escaped() -> None:
    foreign = replace(PLAN, target=replace(PLAN.target, organization_id="\x1b[2J"))
    document = document_of([replace(PLAN, environment="\x1b]0;title"), foreign], tool_version="0", created_at=NOW)

    lines = moved_since(document, [PLAN])

    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
