"""Turns a plan and the plan that the base commit's files would make of the same live state into causes: git, environment, or both. Pure.

What only today's files change was moved in git. What the base's files would change to the same value was moved in the environment.
What they would change to another value was moved in both.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.change import Cause, Change, FieldChange, SettingsChange, WidgetChange
from reconciler.model.plan import Plan
from reconciler.plan.diff import is_same


def with_causes(plan: Plan, of_base: Plan) -> Plan:
    """The plan with the cause of every field and widget. `of_base` is made of the same live state, by the files of the base commit."""
    earlier = {change.address: change for change in of_base.changes}
    return replace(plan, changes=tuple(_caused(change, earlier.get(change.address)) for change in plan.changes))


def _caused(change: Change, earlier: Change | None) -> Change:
    if isinstance(change, WidgetChange):
        return replace(change, cause=_of_widget(change, earlier))
    known = {field.field: field for field in earlier.fields} if isinstance(earlier, SettingsChange) else {}
    return replace(change, fields=tuple(replace(field, cause=_of_field(field, known.get(field.field))) for field in change.fields))


def _of_field(field: FieldChange, earlier: FieldChange | None) -> Cause:
    if earlier is None:
        return "git"
    return "environment" if is_same(earlier.after, field.after) else "both"


def _of_widget(change: WidgetChange, earlier: Change | None) -> Cause:
    if not isinstance(earlier, WidgetChange):
        return "git"
    return "environment" if (earlier.action, earlier.after) == (change.action, change.after) else "both"
