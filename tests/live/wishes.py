"""Short ways to say what an environment declares."""

from __future__ import annotations

from typing import Any

from reconciler.model.desired import Connection, DesiredEnvironment, DesiredForm, DesiredSetting, DesiredWidget, Selector
from reconciler.model.source import Origin

NOWHERE = Origin(None)


def wish(kind: str, field: str, value: Any = True) -> DesiredSetting:
    return DesiredSetting(kind, field, value, NOWHERE)


def form(selector: Selector, *widgets: str, solution: str | None = None, table: str = "lead") -> DesiredForm:
    return DesiredForm(table, selector, tuple(DesiredWidget(widget) for widget in widgets), solution=solution)


def environment(
    *settings: DesiredSetting, forms: tuple[DesiredForm, ...] = (), url: str | None = None, **connection: Any
) -> DesiredEnvironment:
    where = Connection(url=url, **connection)
    return DesiredEnvironment("contoso-test", "environments/contoso-test.yaml", where, settings=settings, forms=forms)
