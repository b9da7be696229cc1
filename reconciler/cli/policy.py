"""`rictl policy test`: tries the rules of a team on plans. Reads files, starts one process, writes stdout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.desired.policy_cases import Case
    from reconciler.model.diagnostic import Diagnostic
    from reconciler.model.policy import Rule, TestedPolicies

TESTS = "tests"
FORMATS = ("text", "json", "junit")


@click.group()
def policy() -> None:
    """What a team demands of every plan: the rules under policies/, beside environments/."""


@policy.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What is printed.")
def test(path: Path | None, form: str) -> int:
    """Try the rules on the plans of their tests, offline.

    PATH is a folder of policies whose tests stand in its folder tests/, or one file of tests; without it, the folder policies/ of this
    checkout. Exits 1 when a case fails or anything is wrong with the files.
    """
    from reconciler.cli.failures import show_diagnostics
    from reconciler.desired.policies import load_policies
    from reconciler.desired.policy_cases import load_cases
    from reconciler.report import policy_results

    folder, files = _chosen(path)
    loaded = load_policies(_yaml_files(folder))
    found = loaded.diagnostics
    errors = [said for said in found if said.severity == "error"]
    cases: tuple[Case, ...] = ()
    if not errors:
        read = load_cases(files, loaded.rules)
        cases, found = read.cases, (*found, *read.diagnostics)
    if found:
        show_diagnostics(found)
    if any(said.severity == "error" for said in found):
        return FAILED
    tested = _tried(cases, loaded.rules)
    if not isinstance(tested, tuple):
        click.echo(policy_results.FORMATS[form](tested))
        return DONE if tested.passed else FAILED
    show_diagnostics(tested)
    return FAILED


def _chosen(path: Path | None) -> tuple[Path, list[Path]]:
    """The folder of policies, and the files of tests. Nothing to test is wrong usage: it is more often a wrong folder than a wish."""
    if path is None:
        from reconciler.cli.workspace import find_workspace

        path = find_workspace(Path.cwd()).policies
    path = Path.cwd() / path
    if path.is_file():
        return path.parent.parent, [path]
    files = _yaml_files(path / TESTS)
    if not files:
        raise click.UsageError(f"there is no {TESTS}/*.yaml in {path}: docs/policies.md shows how tests are written")
    return path, files


def _yaml_files(folder: Path) -> list[Path]:
    from reconciler.desired.policies import policy_files

    return policy_files(folder)


def _tried(cases: Sequence[Case], rules: Sequence[Rule]) -> TestedPolicies | tuple[Diagnostic, ...]:
    """The results; or what is wrong with the plan files that the cases name."""
    from reconciler.model.diagnostic import Diagnostic
    from reconciler.model.policy import TestedPolicies
    from reconciler.policy.facts import variables_of
    from reconciler.policy.judge import judged
    from reconciler.policy.worker import rulings

    plans = [case.plan if case.plan is not None else _saved_plan(case) for case in cases]
    wrong = tuple(plan for plan in plans if isinstance(plan, Diagnostic))
    if wrong:
        return wrong
    asked = [variables_of(plan, case.labels) for plan, case in zip(plans, cases, strict=True) if not isinstance(plan, Diagnostic)]
    results = tuple(judged(case.name, case.where, case.expected, row) for case, row in zip(cases, rulings(rules, asked), strict=True))
    expected = {one.code for case in cases for one in case.expected}
    return TestedPolicies(results, len(rules), tuple(rule.code for rule in rules if rule.code not in expected))


def _saved_plan(case: Case) -> dict[str, Any] | Diagnostic:
    """The plan of that file; a diagnostic when there is none. Its seal and expiry do not matter: nothing is applied."""
    from reconciler.cli.saved import LARGEST_PLAN
    from reconciler.model.diagnostic import Diagnostic

    assert case.plan_file is not None
    name = case.plan_file.name
    try:
        if case.plan_file.stat().st_size > LARGEST_PLAN:
            return Diagnostic("no-such-plan", f"`{name}` is larger than any plan", case.where, "name a file of `rictl plan --out`")
        plans = json.loads(case.plan_file.read_text(encoding="utf-8"))["plans"]
        named = {str(plan["environment"]): dict(plan) for plan in plans}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Diagnostic(
            "no-such-plan", f"`{name}` is no file of plans", case.where, "name a file of `rictl plan --out`, as seen from this one"
        )
    wanted = case.environment or (next(iter(named)) if len(named) == 1 else "")
    if wanted not in named:
        hint = f"write `environment:`, one of: {', '.join(named)}"
        return Diagnostic("no-such-plan", f"which plan of `{name}` is meant is not said, or not there", case.where, hint)
    return named[wanted]
