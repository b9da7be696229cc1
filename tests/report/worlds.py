"""A run in which everything is said that a report can say, and the same run with other words in every place that takes words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reconciler.model.address import Address
from reconciler.model.change import Change, Placement, SettingsChange, WidgetChange
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Unknown
from reconciler.model.note import Note
from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.plan import Approval, Consent, FormPicture, HumanTask, Notice, Objection, PeopleImpact, Plan, Unread
from reconciler.model.run import ApplyRun, PlanRun, SavedPlan, Unreadable, ValidationRun
from reconciler.model.source import Origin, SourceSpan
from tests.plan.test_build import EVERYTHING
from tests.plan.test_forms import WHO
from tests.plan.worlds import NOW, attested, declared_form, lead_form, on_form, plan, wish

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="40"><style>text{fill:#777}</style>'
    '<text x="9" y="20">Summary</text><script>alert(1)</script><image href="https://elsewhere.example/p.png"/></svg>'
)
HERE = SourceSpan("environments/contoso-test.yaml", 31, 5, 12)
NOTE = Note("relationshipIntelligence", "agreed with the works council", "crm-emea", "CRM-1412", dt.date(2027, 3, 31), HERE)


def full_plan() -> Plan:
    """A plan with something in each of its parts."""
    made = plan(wish(EVERYTHING, attestations=(attested("termsAccepted"),), forms=(declared_form(WHO),)), on_form(lead_form()))
    about = made.changes[0].address
    widget = next(change for change in made.changes if isinstance(change, WidgetChange))
    form = replace(widget.address, key=widget.address.key.rpartition("/")[0])
    moved = replace(widget, action="move", before=Placement("Details", 1, "old", None, "Timeline", "Old", 4, True, ("web",)))
    gone = replace(widget, action="remove", before=widget.after, after=None, origin=Origin(None))
    return replace(
        made,
        changes=(*(_annotated(change) for change in made.changes), moved, gone),
        objections=(
            Objection("exchange-data-of-everyone", "Exchange data of everyone", "declare roles", about, waivable=True),
            Objection("too-many-changes", "24 would change", "split it", None, waivable=True, waived="first roll-out"),
        ),
        notices=(Notice("labels-in-language", "labels are written in one language", about),),
        problems=(Diagnostic("unknown-role", "there is no role `Sales Persn`", HERE, "did you mean `Salesperson`?", "  roles: [x]"),),
        unread=(Unread(about, "securityRoles", "it holds text that is no list of roles"),),
        tasks=(HumanTask("give-exchange-consent", "Microsoft 365 Global Administrator", "Give the consent", NOW + dt.timedelta(days=9)),),
        consent=Consent("pending", "nothing says that it was given", NOW + dt.timedelta(days=9), 9),
        pictures=(
            FormPicture(form, "[Summary]\n+--+\n", "[Summary]\n+--+\n* who", SVG),
            FormPicture(replace(form, key="contact/Contoso Contact"), "before", "after"),
        ),
        impacts=(
            PeopleImpact(about, 87, 299, 212, 0, "Exchange data of these people is used", is_at_least=True),
            PeopleImpact(about, None, None, None, None, "People who can be introduced", not_counted="prvReadUser is missing"),
        ),
        approvals=(Approval("privacy-officers", "exchange-data-needs-privacy", "Exchange data of more people is used", about),),
    )


def _annotated(change: Change) -> Change:
    if isinstance(change, SettingsChange):
        fields = tuple(replace(field, note=NOTE, cause="git") for field in change.fields)
        fields = (replace(fields[0], before=Unknown("it could not be read")), *fields[1:])
        return replace(change, fields=fields, risk="high", risk_because="opens data", link="https://contoso.crm4.dynamics.com/main.aspx")
    return replace(change, note=NOTE, cause="both", risk_because="everybody sees it", link="http://127.0.0.1:1/settings")


def plan_run() -> PlanRun:
    lost = Unreadable(
        "contoso-asia", "denied", "Dataverse refused", "403 prvRead", "give a role", "GET https://x.crm.dynamics.com/", "id-1"
    )
    return PlanRun((full_plan(), calm_plan()), (lost,), NOW, "0.1.0", saved=SavedPlan("9f86d081", NOW + dt.timedelta(days=1), "8f2d"))


def calm_plan() -> Plan:
    """Another environment, in which nothing changes."""
    return replace(plan(wish({}), on_form(lead_form())), environment="contoso-calm")


def apply_run() -> ApplyRun:
    made = full_plan()
    steps = (
        StepOutcome(made.steps[0], "done"),
        StepOutcome(made.steps[1], "failed", "the service said no", wrote=True),
        StepOutcome(made.steps[-1], "unknown", "the answer was lost"),
        *(StepOutcome(step, "not-reached") for step in made.steps[2:-1]),
    )
    done = Outcome(calm_plan(), (StepOutcome(made.steps[0], "done"),), calm_plan())
    failed = Outcome(made, steps, replace(made, target=made.target), "the service said no")
    stopped = Outcome(replace(calm_plan(), environment="contoso-stop"), steps[:1], None, None, interrupted=True)
    nothing = Outcome(replace(calm_plan(), environment="contoso-none"), steps[-1:], None, "it did not answer")
    return ApplyRun((failed, done, stopped, nothing), NOW, "0.1.0")


def validation_run() -> ValidationRun:
    findings = (
        Diagnostic("unknown-key", "`enabeld` is no key", HERE, "did you mean `enabled`?", "  enabeld: true"),
        Diagnostic("twins-differ", "they drifted apart", None, None, None, "warning"),
    )
    return ValidationRun(findings, (HERE.file, "environments/other.yaml"), 1, 0, "0.1.0")


RUNS: dict[str, Callable[[], Any]] = {"plan": plan_run, "apply": apply_run, "validation": validation_run}


def reworded(value: Any, word: Callable[[str], str], kept: frozenset[str] = frozenset({"svg", "tool_version", "sha256"})) -> Any:
    """The value with every text replaced that is free: no tag, no choice of a few words, and no field named in `kept`."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return tuple(reworded(each, word, kept) for each in value) if isinstance(value, tuple) else value
    hints = get_type_hints(type(value), vars(__import__(type(value).__module__, fromlist=["x"])))
    new = {
        field.name: _reworded_field(getattr(value, field.name), hints[field.name], word, kept)
        for field in dataclasses.fields(value)
        if field.init and field.name not in kept
    }
    return replace(value, **new)


def _reworded_field(held: Any, hint: Any, word: Callable[[str], str], kept: frozenset[str]) -> Any:
    if isinstance(held, str):
        return held if _is_choice(hint) else word(held)
    if isinstance(held, tuple):
        return tuple(word(each) if isinstance(each, str) else reworded(each, word, kept) for each in held)
    return reworded(held, word, kept)


def _is_choice(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(_is_choice(part) for part in get_args(hint))
    return get_origin(hint) is Literal


__all__ = ["RUNS", "Address", "full_plan", "plan_run", "reworded"]
