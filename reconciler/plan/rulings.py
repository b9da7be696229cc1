"""Turns what a team's rules say of a plan into its objections, notices and approvals. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconciler.model.plan import Approval, Notice, Objection, Plan
from reconciler.model.policy import PREFIX, Rule, Ruling
from reconciler.plan import codes


def ruled(plan: Plan, rulings: Sequence[Ruling]) -> Plan:
    """The plan with what the rules that apply to it demand. A rule of which nothing is known objects too."""
    return replace(
        plan,
        objections=(*plan.objections, *_objections(rulings)),
        notices=(*plan.notices, *(_notice(said) for said in rulings if said.applies and said.rule.effect == "warn")),
        approvals=(*plan.approvals, *_approvals(rulings)),
    )


def _objections(rulings: Sequence[Ruling]) -> Iterator[Objection]:
    for said in rulings:
        rule = said.rule
        if said.error is not None:
            message = f"the rule {rule.code} ({_place(rule)}) has no answer for this plan: {said.error}"
            yield Objection(
                codes.POLICY_FAILED, message, "mend the rule; `rictl policy test` tries it, and has() asks whether a key is there"
            )
        elif said.applies and rule.effect == "deny":
            hint = f"{rule.hint or 'change the environment file'}; the rule stands in {_place(rule)}{_owner(rule)}"
            yield Objection(f"{PREFIX}{rule.code}", _because(said), hint, waivable=rule.waivable)


def _notice(said: Ruling) -> Notice:
    hint = f"; {said.rule.hint}" if said.rule.hint else ""
    return Notice(f"{PREFIX}{said.rule.code}", f"{_because(said)}{hint}")


def _approvals(rulings: Sequence[Ruling]) -> Iterator[Approval]:
    for said in rulings:
        if said.applies and said.rule.effect == "require-approval":
            yield from (Approval(group, said.rule.code, _because(said)) for group in said.rule.approvers)


def _because(said: Ruling) -> str:
    return f"{said.message} ({said.rule.why})" if said.rule.why else said.message


def _place(rule: Rule) -> str:
    return f"{rule.where.file}:{rule.where.line}"


def _owner(rule: Rule) -> str:
    return f", {rule.owner} answers for it" if rule.owner else ""
