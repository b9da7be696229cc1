"""Turns who approved what into plans that record it, and says what is still missing. Findings go to stderr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from reconciler.model.change import RISKS, Risk
from reconciler.model.plan import Plan
from reconciler.model.run import PlanRun

LIMIT = "--auto-approve-up-to"
"""What `--auto-approve=RISK` is read as: an option of click either has a value or has none, and this one may have one."""


class RiskLimit(click.Command):
    """A command whose flag `--auto-approve` may name the highest risk that is approved."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes `--auto-approve=low` apart, up to `--`."""
        end = args.index("--") if "--" in args else len(args)
        words: list[str] = []
        for word in args[:end]:
            flag, equals, risk = word.partition("=")
            words += [flag, f"{LIMIT}={risk}"] if flag == "--auto-approve" and equals else [word]
        return super().parse_args(ctx, [*words, *args[end:]])


def escape_lines(text: str) -> str:
    """Lines that may be shown, whatever files said in them."""
    from reconciler.report.escape import escape

    return "\n".join(escape(line) for line in text.split("\n"))


def parse_approvals(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`GROUP=WHO` pairs; an approval by nobody is wrong usage, for who gave it is recorded."""
    given: dict[str, str] = {}
    for value in values:
        group, separator, who = value.partition("=")
        if not separator or not group.strip() or not who.strip():
            raise click.BadParameter(f"{value!r}: say which group and who, as in --approved-by privacy-officers='Ana Pop, PR 41'")
        given[group.strip()] = who.strip()
    return given


def check_groups(given: Mapping[str, str], known: Sequence[str]) -> None:
    """Wrong usage when no rule and no saved plan could ask for the approval of a group: a misspelt approval would be no approval."""
    for group in given:
        if group not in known:
            from reconciler.desired.nearest import choices, did_you_mean

            hint = did_you_mean(group, known) or (choices(known) if known else "no rule asks for an approval")
            raise click.UsageError(f"--approved-by {group}: no rule asks for this group ({hint})")


def approved(run: PlanRun, given: Mapping[str, str], saved: Sequence[Plan] = ()) -> PlanRun:
    """The run with who gave each approval. What a saved plan asks for is asked for still, whatever the rules of today say."""
    asked = {plan.environment: plan.approvals for plan in saved}
    plans = []
    for plan in run.plans:
        there = {(approval.group, approval.policy) for approval in plan.approvals}
        more = (old for old in asked.get(plan.environment, ()) if (old.group, old.policy) not in there)
        both = (*plan.approvals, *more)
        plans.append(replace(plan, approvals=tuple(replace(approval, given=given.get(approval.group)) for approval in both)))
    return replace(run, plans=tuple(plans))


def missing(plans: Sequence[Plan]) -> str | None:
    """What is missing, in words and with what to do; None when every approval was given."""
    open_ = [(plan, approval) for plan in plans if not plan.is_empty for approval in plan.approvals if approval.given is None]
    if not open_:
        return None
    lines = [f"  - {plan.environment}: {approval.group} must approve ({approval.policy}): {approval.reason}" for plan, approval in open_]
    groups = " ".join(f"--approved-by {group}=WHO" for group in dict.fromkeys(approval.group for _, approval in open_))
    return "\n".join(["error[approval-missing]: an approval is required and was not given:", *lines, f"  hint: once it is given: {groups}"])


def riskier(plans: Sequence[Plan], limit: Risk) -> list[Plan]:
    """The plans whose risk is above the limit."""
    return [plan for plan in plans if RISKS.index(plan.risk) > RISKS.index(limit)]
