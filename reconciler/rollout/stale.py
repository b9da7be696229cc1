"""Turns a saved plan and a fresh one into the reasons why the saved one may no longer be applied. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from reconciler.model.plan import Plan
from reconciler.rollout.difference import differences


def moved(saved: Plan, fresh: Plan) -> list[str]:
    """Empty when the fresh plan is the saved one; else what moved, in words. ETags and reading times may differ, values may not."""
    if saved.target.organization_id != fresh.target.organization_id:
        return [f"it was made for organization {saved.target.organization_id}, this one is {fresh.target.organization_id}"]
    if saved.target.language != fresh.target.language:
        return [f"it was read in language {saved.target.language}, now it is {fresh.target.language}; form labels follow the language"]
    if saved.desired_sha256 != fresh.desired_sha256:
        return ["the files in environments/ changed since it was made"]
    return differences(_essence(saved), _essence(fresh))


def is_expired(expires_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether the plan's time is over."""
    return now >= expires_at


def _essence(plan: Plan) -> object:
    steps = []
    for step in plan.steps:
        fields = asdict(step)
        fields.pop("etag", None)
        steps.append(fields)
    return {"steps": steps, "objections": sorted(objection.code for objection in plan.standing_objections)}
