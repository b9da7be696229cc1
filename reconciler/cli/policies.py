"""Applies the policies of a checkout to the plans of a run. Reads files, starts one process; findings go to stderr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from reconciler.cli.workspace import Workspace, misspelt, yaml_files
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.exit_codes import FAILED
from reconciler.model.plan import Plan
from reconciler.model.policy import PREFIX, Rule
from reconciler.model.run import PlanRun

PLACE_OF_CODES = "docs/policies.md"


@dataclass(frozen=True, slots=True)
class Demands:
    """The rules of a checkout, and which of them this run waives."""

    rules: tuple[Rule, ...]
    waivers: Mapping[str, str]

    @property
    def groups(self) -> tuple[str, ...]:
        """Everybody whose approval a rule may ask for."""
        return tuple(sorted({group for rule in self.rules for group in rule.approvers}))


def demands_of(workspace: Workspace, waivers: Mapping[str, str]) -> Demands:
    """The rules under policies/. Prints what is wrong with them and exits 1; a waiver of a rule that nobody may waive is wrong usage."""
    files = yaml_files(workspace.policies)
    _refuse_unread(workspace)
    own = {code: why for code, why in waivers.items() if code.startswith(PREFIX)}
    rules: tuple[Rule, ...] = ()
    if files:
        # Imported here: most checkouts have no policies, and pay nothing for those of others.
        from reconciler.cli.failures import show_diagnostics
        from reconciler.desired.policies import load_policies

        loaded = load_policies(files)
        rules = loaded.rules
        if loaded.diagnostics:
            show_diagnostics(loaded.diagnostics)
        if any(said.severity == "error" for said in loaded.diagnostics):
            click.echo("Nothing was read or written.", err=True)
            raise click.exceptions.Exit(FAILED)
    _check_waivers(own, rules)
    return Demands(rules, own)


def _refuse_unread(workspace: Workspace) -> None:
    """A rule that nobody reads allows everything: a misspelt ending ends the command."""
    unread = [replace(said, severity="error") for said in misspelt(workspace.policies)]
    if unread:
        from reconciler.cli.failures import show_diagnostics

        show_diagnostics(unread)
        click.echo("Nothing was read or written.", err=True)
        raise click.exceptions.Exit(FAILED)


def _check_waivers(waivers: Mapping[str, str], rules: Sequence[Rule]) -> None:
    by_code = {f"{PREFIX}{rule.code}": rule for rule in rules}
    for code in waivers:
        if code not in by_code:
            from reconciler.desired.nearest import did_you_mean

            hint = did_you_mean(code, by_code) or f"the rules stand in {PREFIX}"
            raise click.UsageError(f"--allow {code}: no rule is called so ({hint})")
        if not by_code[code].waivable:
            where = by_code[code].where
            raise click.UsageError(f"--allow {code}: the rule may not be waived ({where.file}:{where.line} does not say `waivable: true`)")


def ruled_run(run: PlanRun, desired: Sequence[DesiredEnvironment], demands: Demands) -> PlanRun:
    """The run with what the rules demand of each of its plans."""
    if not demands.rules or not run.plans:
        return run
    from reconciler.plan.rulings import ruled
    from reconciler.plan.waive import waive
    from reconciler.policy.facts import variables_of
    from reconciler.policy.worker import rulings

    labels = {wish.name: dict(wish.labels) for wish in desired}
    asked = [variables_of(plan_json(plan), labels.get(plan.environment, {})) for plan in run.plans]
    said = rulings(demands.rules, asked)
    plans = (waive(ruled(plan, row), demands.waivers) for plan, row in zip(run.plans, said, strict=True))
    return replace(run, plans=tuple(plans))


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as it stands in a plan file: without names of people."""
    from pydantic import TypeAdapter

    from reconciler.report.published import published_plan

    content: dict[str, Any] = TypeAdapter(Plan).dump_python(published_plan(plan), mode="json")
    return content
