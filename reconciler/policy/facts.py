"""Turns the JSON of one plan into the variables that expressions may name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any
"""A value of JSON, as a plan file holds it."""

_LISTS = ("changes", "objections", "tasks", "impacts")


def variables_of(plan: Mapping[str, Json], labels: Mapping[str, str]) -> dict[str, Json]:
    """The plan itself and shorter names for what rules ask most.

    What a plan lacks is empty here and missing in `plan`, where naming it is an error: plans that rictl makes lack nothing.
    """
    changes = plan.get("changes") or []
    return {
        "plan": dict(plan),
        "environment": plan.get("environment", ""),
        "labels": dict(labels),
        "risk": _risk(changes),
        **{name: plan.get(name) or [] for name in _LISTS},
        "fields": [_field(change, field) for change in changes for field in change.get("fields", ())],
    }


def _risk(changes: list[Json]) -> str:
    there = {change.get("risk", "low") for change in changes}
    return next((risk for risk in ("high", "medium") if risk in there), "low")


def _field(change: Json, field: Json) -> Json:
    """A changed field with what its change says of it; `before` is null unless a value was read."""
    before = field.get("before") or {}
    return {
        **field,
        "kind": change.get("address", {}).get("kind", ""),
        "action": change.get("action", ""),
        "risk": change.get("risk", "low"),
        "before": before.get("value") if isinstance(before, dict) else before,
        "was_read": isinstance(before, dict) and before.get("state") == "known",
    }
