"""Turns a saved plan and a fresh one into the reasons why the saved one may no longer be applied. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict

from reconciler.model.change import SettingsChange
from reconciler.model.plan import FieldWrite, Plan, WriteForm, WriteRow
from reconciler.model.words import in_words, value_in_words
from reconciler.rollout.difference import differences
from reconciler.rollout.seen import beyond_what_was_seen, changes_not_shown

_Write = tuple[WriteRow, FieldWrite]


def moved(saved: Plan, fresh: Plan) -> list[str]:
    """Empty when the fresh plan is the saved one; else what moved, in words. ETags and reading times may differ, values may not."""
    if saved.target.organization_id != fresh.target.organization_id:
        return [f"it was made for organization {saved.target.organization_id}, this one is {fresh.target.organization_id}"]
    if saved.target.language != fresh.target.language:
        return [f"it was read in language {saved.target.language}, now it is {fresh.target.language}; form labels follow the language"]
    if saved.desired_sha256 != fresh.desired_sha256:
        return ["the files in environments/ changed since it was made"]
    if saved.steps and fresh.is_empty and fresh.is_complete:
        return ["nothing is left to do: it was applied already, or somebody did the same by hand"]
    # In words where words can be found; the bare difference is for what no reader should ever meet.
    words = [*_settings(saved, fresh), *_forms(saved, fresh), *_objections(saved, fresh), *beyond_what_was_seen(saved, fresh)]
    return words or list(changes_not_shown(saved, fresh)) or differences(_essence(saved), _essence(fresh))


def is_expired(expires_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether the plan's time is over."""
    return now >= expires_at


def _settings(saved: Plan, fresh: Plan) -> Iterator[str]:
    before, now = _writes(saved), _writes(fresh)
    for key, (step, write) in before.items():
        name = f"{write.field} ({step.table}.{write.column})"
        if key not in now:
            yield f"{name} was to become {value_in_words(write.after)}, and no longer has to change"
        elif now[key][1].before != write.before:
            yield f"{name} was {in_words(write.before)}, is {in_words(now[key][1].before)} now{_by(fresh, write)}"
    for key, (step, write) in now.items():
        if key not in before:
            name = f"{write.field} ({step.table}.{write.column})"
            yield f"{name} is {in_words(write.before)} now, and would have to change too{_by(fresh, write)}"


def _forms(saved: Plan, fresh: Plan) -> Iterator[str]:
    before = {step.form_id: step for step in saved.steps if isinstance(step, WriteForm)}
    now = {step.form_id: step for step in fresh.steps if isinstance(step, WriteForm)}
    for key in (*before, *(key for key in now if key not in before)):
        old, new = before.get(key), now.get(key)
        if old is None or new is None or (old.before_sha256, old.after_sha256) != (new.before_sha256, new.after_sha256):
            step = old or new
            if step is not None:
                yield f'the form "{step.form_name}" of {step.table} was changed by somebody'


def _objections(saved: Plan, fresh: Plan) -> Iterator[str]:
    known = {objection.code for objection in saved.standing_objections}
    for objection in fresh.standing_objections:
        if objection.code not in known:
            yield f"there is an objection now: {objection.code}: {objection.message}"


def _writes(plan: Plan) -> dict[tuple[str, str], _Write]:
    rows = (step for step in plan.steps if isinstance(step, WriteRow))
    return {(write.kind, write.field): (step, write) for step in rows for write in step.fields}


def _by(fresh: Plan, write: FieldWrite) -> str:
    for change in fresh.changes:
        if isinstance(change, SettingsChange) and change.address.kind == write.kind and change.modified_by and change.modified_on:
            return f" (last written by {change.modified_by.name} on {change.modified_on:%Y-%m-%d %H:%M} UTC)"
    return ""


def _essence(plan: Plan) -> object:
    steps = []
    for step in plan.steps:
        fields = asdict(step)
        fields.pop("etag", None)
        steps.append(fields)
    return {"steps": steps, "objections": sorted(objection.code for objection in plan.standing_objections)}
