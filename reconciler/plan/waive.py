"""Turns a plan and the waivers of a run into a plan whose waivable objections carry their reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.plan import Plan
from reconciler.plan import codes


def waive(plan: Plan, waivers: Mapping[str, str]) -> Plan:
    """The plan with the reason on each waivable objection of those codes. What may not be waived keeps standing."""
    objections = tuple(
        replace(objection, waived=reason) if objection.waivable and (reason := waivers.get(objection.code, "").strip()) else objection
        for objection in plan.objections
    )
    return replace(plan, objections=objections)


def waiver_problems(waivers: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What is wrong with the waivers whatever the plans say: an unknown code, one that is never waivable, no reason."""
    problems = []
    for code, reason in waivers.items():
        if code not in codes.OBJECTIONS:
            hint = f"those that may be waived: {', '.join(sorted(codes.WAIVABLE))}"
            problems.append(Diagnostic(codes.UNKNOWN_WAIVER, f"no objection is called {code}", hint=hint))
        elif code not in codes.WAIVABLE:
            hint = "docs/objections.md says what settles it; it is settled in the environment file or not at all"
            problems.append(Diagnostic(codes.NOT_WAIVABLE, f"{code} may not be waived", hint=hint))
        elif not reason.strip():
            problems.append(Diagnostic(codes.WAIVER_WITHOUT_REASON, f"{code} is waived without a reason", hint=f'--allow {code}="why"'))
    return tuple(problems)
