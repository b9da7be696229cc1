"""Plans with everything that can be said of a plan, in names that try to be more than names."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.diagnostic import Diagnostic, Severity
from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.plan import Approval, Notice, Objection, Plan, Publish, Unread
from reconciler.model.run import ApplyRun, PlanRun, Unreadable, ValidationRun
from reconciler.model.source import SourceSpan
from tests.plan.worlds import NOW, organization, plan, wish

HOSTILE = "\x1b[31m\r\n::set-env name=A::b\n##vso[task.complete result=Succeeded]x\u202e<img src=x>]]>&\x00\ufffe%0A;,:"
CHANGING = plan(wish({("relationship_analytics", "communicationFrequency"): "once-a-week"}), organization())
ADDRESS = CHANGING.changes[0].address


def refused(environment: str = "contoso-test", said: str = "Exchange data would be read for every user") -> Plan:
    """A plan with one finding of each sort."""
    return replace(
        CHANGING,
        environment=environment,
        objections=(
            Objection("exchange-data-of-everyone", said, "declare roles", ADDRESS),
            Objection("too-many-changes", "eleven", "split it", None, waivable=True, waived="agreed with Ana"),
        ),
        notices=(Notice("widget-will-not-show", said, Address(environment, "form_widgets", "lead/a/b")),),
        approvals=(Approval("privacy-officers", "needs-privacy", said),),
    )


def incomplete(environment: str = "contoso-prod", said: str = "no list of roles") -> Plan:
    """A plan of which something is unknown."""
    problem = Diagnostic("unknown-role", said, SourceSpan("environments/contoso prod.yaml", 9, 5, 12), "say which", f"    {said}")
    gap = Unread(Address(environment, "exchange_data"), "securityRoles", said)
    return replace(CHANGING, environment=environment, changes=(), steps=(), problems=(problem,), unread=(gap,))


def run_of_plans(*plans: Plan) -> PlanRun:
    lost = Unreadable("contoso-us", "denied", "Dataverse refused the caller", "403", "give it a role")
    return PlanRun(plans, (lost,), NOW, "0.1.0")


def validation(*diagnostics: Diagnostic) -> ValidationRun:
    return ValidationRun(diagnostics, ("environments/a.yaml", "environments/b.yaml"), 1, 0, "0.1.0")


def broken(number: int = 1, severity: Severity = "error", line: int = 3) -> Diagnostic:
    where = SourceSpan("environments/a.yaml", line, 5, 12)
    return Diagnostic(
        "unknown-key", f"`enabeld` number {number} is not a key", where, "did you mean `enabled`?", f"  k{number}: 1", severity
    )


def applied() -> ApplyRun:
    """One environment that converged and one that did not."""
    step = Publish("publish", "lead")
    empty = replace(CHANGING, changes=(), steps=())
    done = Outcome(replace(CHANGING, environment="fine"), (StepOutcome(step, "done"),), empty)
    half = (StepOutcome(step, "done"), StepOutcome(step, "failed", f"500 {HOSTILE}", wrote=True), StepOutcome(step, "unknown"))
    return ApplyRun((done, Outcome(CHANGING, half, None, "the service ended it")), NOW, "0.1.0")
