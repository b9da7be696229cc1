"""`rictl apply`: plans (or takes a saved plan), asks, carries it out, waits for the effect and proves it."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from reconciler.cli.approvals import LIMIT, RiskLimit, approved, check_groups, escape_lines, missing, parse_approvals, riskier
from reconciler.cli.options import journal_option, shared
from reconciler.cli.output import Wanted, annotate, annotate_refusal, deliver, format_option
from reconciler.cli.step_summary import tell_build_server
from reconciler.model.change import RISKS, Risk
from reconciler.model.exit_codes import FAILED, REFUSED
from reconciler.model.run import ApplyRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reconciler.cli.connect import Connections
    from reconciler.cli.journals import Journals
    from reconciler.cli.policies import Demands
    from reconciler.model.desired import DesiredEnvironment
    from reconciler.model.plan import Plan
    from reconciler.model.run import PlanRun
    from reconciler.report.plan_document import PlanDocument


@dataclass(frozen=True, slots=True)
class Mandate:
    """What the one who runs the command answered beforehand.

    is_approved   nobody is to be asked, as far as `limit` reaches
    limit         the highest risk that is approved so; None is any
    """

    demands: Demands
    waivers: Mapping[str, str]
    approvals: Mapping[str, str]
    is_approved: bool
    limit: Risk | None

    def beyond(self, plans: Sequence[Plan]) -> list[Plan]:
        """The plans of a higher risk than was approved."""
        return [] if self.limit is None else riskier(plans, self.limit)

    def asks_about(self, plans: Sequence[Plan]) -> bool:
        """Whether somebody has to say yes."""
        return not self.is_approved or bool(self.beyond(plans))


@click.command(cls=RiskLimit)
@click.argument("targets", nargs=-1, metavar="[ENV... | PLAN]")
@click.option("--auto-approve", is_flag=True, help="Do not ask; --auto-approve=low (or medium) only up to that risk.")
@click.option(LIMIT, "limit", type=click.Choice(RISKS), hidden=True)
@click.option(
    "--approved-by",
    "approvals",
    metavar="GROUP=WHO",
    multiple=True,
    callback=parse_approvals,
    help="Record who gave an approval that a policy requires. May be given several times.",
)
@click.option("--expect-sha256", metavar="HEX", help="Refuse a PLAN whose SHA-256 is another one, as `plan --out` printed it.")
@click.option("--verify", "keys", metavar="KEY", multiple=True, help="Refuse a PLAN not signed by this public key: a PEM file or env:NAME.")
@format_option("apply")
@journal_option
@click.option("--no-journal", is_flag=True, help="Keep no journal: this run cannot be undone.")
@shared
def apply(
    targets: tuple[str, ...],
    auto_approve: bool,
    limit: Risk | None,
    approvals: dict[str, str],
    expect_sha256: str | None,
    keys: tuple[str, ...],
    formats: tuple[Wanted, ...],
    waivers: dict[str, str],
    hosts: tuple[str, ...],
    details: bool,
    parallelism: int,
    journal: Path | None,
    no_journal: bool,
) -> int:
    """Carry out a plan, wait for the effect and prove it.

    ENV is the name of an environment or a file; none means every environment. PLAN is a file of `rictl plan --out`: exactly that
    plan is applied, or nothing.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.journals import Journals, folder_of
    from reconciler.cli.policies import demands_of
    from reconciler.cli.saved import read_saved
    from reconciler.cli.undoing import with_undoing

    document = read_saved(targets, expect_sha256, keys)
    if document is None and not auto_approve and not _somebody_is_there():
        raise click.UsageError("there is nobody to ask here: use --auto-approve, or apply a plan saved by `rictl plan --out FILE`")
    names = targets if document is None else tuple(made.environment for made in document.plans)
    workspace, desired = chosen(names, CATALOG)
    demands = demands_of(workspace, waivers)
    saved = () if document is None else document.plans
    check_groups(approvals, (*demands.groups, *(one.group for made in saved for one in made.approvals)))
    folder = folder_of(workspace, journal)
    if document is not None:
        desired = with_undoing(desired, document, folder)
    journals = None if no_journal else Journals.of_new_run(folder, workspace)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        mandate = Mandate(demands, waivers or _waived(document), approvals, auto_approve or document is not None, limit)
        return carry_out(desired, connections, document, mandate, parallelism, formats, journals, details=details)
    finally:
        connections.close()


def carry_out(
    desired: Sequence[DesiredEnvironment],
    connections: Connections,
    document: PlanDocument | None,
    mandate: Mandate,
    parallelism: int,
    formats: Sequence[Wanted],
    journals: Journals | None,
    *,
    details: bool,
) -> int:
    """Plans, refuses or asks, carries out, reports; returns the exit code. `document` is the saved plan that still has to hold."""
    from reconciler import __version__
    from reconciler.cli.planning import plan_all
    from reconciler.cli.policies import ruled_run
    from reconciler.cli.rollout import roll_out
    from reconciler.report.verdict import apply_verdict

    planned = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers=mandate.waivers))
    saved = () if document is None else document.plans
    planned = approved(ruled_run(planned, desired, mandate.demands), mandate.approvals, saved)
    refusal = _refusal(planned, document, details=details)
    if refusal is not None:
        annotate(planned)
        tell_build_server(planned, refusal, is_refused=True)
        return refusal
    pending = [made for made in planned.plans if not made.is_empty]
    lacking = missing(pending) or _too_risky(pending, mandate, is_saved=document is not None)
    # Asked between two event loops: within one, Ctrl-C would not end the question.
    if lacking is None and pending and mandate.asks_about(pending) and not _yes(pending):
        lacking = "Not approved."
    if lacking is not None:
        click.echo(f"{escape_lines(lacking)}\nNothing was written anywhere.", err=True)
        annotate(planned)
        annotate_refusal(lacking)
        tell_build_server(planned, REFUSED, is_refused=True)
        return REFUSED
    outcomes = asyncio.run(roll_out(pending, desired, connections, parallelism=parallelism, journals=journals))
    applied = ApplyRun(outcomes, dt.datetime.now(dt.UTC), __version__)
    if outcomes and journals is not None:
        click.echo(journals.told(), err=True)
    if outcomes:
        deliver(applied, formats, details=details)
    tell_build_server(applied, apply_verdict(outcomes))
    return apply_verdict(outcomes)


def _too_risky(plans: Sequence[Plan], mandate: Mandate, *, is_saved: bool) -> str | None:
    """Why the plans may not run unasked, when there is nobody to ask; a saved plan is never asked about."""
    over = mandate.beyond(plans)
    if not over or (not is_saved and _somebody_is_there()):
        return None
    lines = [f"  - {plan.environment}: the risk is {plan.risk}" for plan in over]
    said = f"error[risk-too-high]: --auto-approve={mandate.limit} does not reach as far as this plan:"
    return "\n".join([said, *lines, "  hint: let somebody review it, then apply it with --auto-approve or at a terminal"])


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _refusal(planned: PlanRun, document: PlanDocument | None, *, details: bool) -> int | None:
    """Prints the plans; an exit code when they may not be applied, before anything was written anywhere."""
    from reconciler.cli.output import wants_color
    from reconciler.cli.saved import moved_since
    from reconciler.report.as_text import as_text
    from reconciler.report.verdict import plan_verdict

    if document is not None:
        moved = moved_since(document, planned.plans)
        if moved:
            said = "\n".join(["error[plan-is-stale]: the saved plan may not be applied:", *(f"  - {line}" for line in moved)])
            click.echo(said, err=True)
            annotate_refusal(said)
            click.echo("Nothing was written. Make a new plan: rictl plan --out FILE", err=True)
            return REFUSED if not planned.unreadable else FAILED
    if planned.plans:
        color = wants_color()
        click.echo(as_text(planned.plans, color=color, details=details, failed=len(planned.unreadable)), color=color)
    twice = _planned_twice(planned.plans)
    if twice:
        said = f"error[plan-of-one-organization]: {twice}; keep one of the files, or apply one of them alone"
        click.echo(said, err=True)
        annotate_refusal(said)
    verdict = FAILED if twice else plan_verdict(planned.plans, detailed=False, failed=len(planned.unreadable))
    if verdict:
        because = "" if twice else _because(planned)
        click.echo(f"Nothing was written anywhere{because}.", err=True)
        return verdict
    return None


def _because(planned: PlanRun) -> str:
    """Which environments stop a run of several; the others may be applied by name."""
    stopping = [made.environment for made in planned.plans if made.standing_objections or not made.is_complete]
    others = [made.environment for made in planned.plans if made.environment not in stopping and not made.is_empty]
    if not others:
        return ""
    named = ", ".join(stopping) or "an environment that could not be read"
    return f", because of {named}. To go on with the others: rictl apply {' '.join(others)}"


def _planned_twice(plans: Sequence[Plan]) -> str | None:
    """Which environments of the run turned out to be one organization; its addresses may differ, so the files cannot tell."""
    names: dict[str, list[str]] = {}
    for made in plans:
        names.setdefault(made.target.organization_id, []).append(made.environment)
    return next((f"{' and '.join(same)} are one organization ({id})" for id, same in names.items() if len(same) > 1), None)


def _waived(document: PlanDocument | None) -> dict[str, str]:
    if document is None:
        return {}
    return {o.code: o.waived for made in document.plans for o in made.objections if o.waived is not None}


def _yes(plans: Sequence[Plan]) -> bool:
    from reconciler.report.escape import escape

    for made in plans:
        click.echo(escape(f"  {made.environment}: {made.target.organization} ({made.target.url})"))
    try:
        answer: str = click.prompt('Apply this? Only "yes" is taken for a yes', default="", show_default=False)
    except click.Abort:
        return False
    return answer.strip() == "yes"
