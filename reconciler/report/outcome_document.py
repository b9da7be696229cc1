"""Turns an apply into a document for programs: what became of each environment, step by step. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from reconciler.model.about import about
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan, Step, Target
from reconciler.model.run import ApplyRun
from reconciler.model.words import step_title
from reconciler.report.ascii_json import ascii_json

FORMAT_VERSION = "1.0"
Result = Literal["converged", "not-converged", "nothing-written", "interrupted"]


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step and what happened."""

    title: str = about("The step in words.", "publish lead")
    status: Literal["done", "failed", "not-reached", "unknown"] = about("`unknown`: the answer was lost.", "done")
    wrote: bool = about("Whether something was, or may have been, written.", True)
    step: Step = about("The step of the plan.", {"action": "publish", "table": "lead"})
    detail: str | None = about("What the other side said, or what was seen.", None, None)


@dataclass(frozen=True, slots=True)
class EnvironmentResult:
    """One environment after an apply."""

    environment: str = about("Name of the environment.", "contoso-prod")
    target: Target = about("The organization.", {})
    result: Result = about("`converged`: every step is done, and planning again finds nothing to change.", "converged")
    wrote: bool = about("Whether anything was, or may have been, written.", True)
    steps: tuple[StepResult, ...] = about("The steps in their order.", [])
    failure: str | None = about("Why it ended early.", None, None)
    remaining: Plan | None = about("The plan that was made afterwards; null when none could be made.", None, None)


@dataclass(frozen=True, slots=True)
class OutcomeDocument:
    """What became of the plans of one run. Within format 1.x only optional fields are added."""

    format_version: str = about("Version of this format.", FORMAT_VERSION)
    tool_version: str = about("Version of rictl that applied.", "0.1.0")
    created_at: dt.datetime = about("When the run ended.", "2026-11-23T10:04:12Z")
    converged: bool = about("Whether every environment converged.", True)
    environments: tuple[EnvironmentResult, ...] = about("In the order of the run; those with nothing to do only when nothing was done.", [])


def outcome_document_of(run: ApplyRun) -> OutcomeDocument:
    """The document of this run. Moments are kept in UTC."""
    results = tuple(_result(outcome) for outcome in run.outcomes)
    converged = all(outcome.converged for outcome in run.outcomes)
    return OutcomeDocument(FORMAT_VERSION, run.tool_version, run.made_at.astimezone(dt.UTC), converged, results)


def outcome_json(document: OutcomeDocument) -> str:
    """The document as JSON text in ASCII."""
    return ascii_json(TypeAdapter(OutcomeDocument).dump_python(document, mode="json"))


def _result(outcome: Outcome) -> EnvironmentResult:
    steps = tuple(
        StepResult(step_title(one.step), one.status, one.wrote or one.status in ("done", "unknown"), one.step, one.detail)
        for one in outcome.steps
    )
    plan = outcome.plan
    return EnvironmentResult(plan.environment, plan.target, _word(outcome), outcome.wrote, steps, outcome.failure, outcome.remaining)


def _word(outcome: Outcome) -> Result:
    if outcome.converged:
        return "converged"
    if outcome.interrupted:
        return "interrupted"
    return "not-converged" if outcome.wrote else "nothing-written"
