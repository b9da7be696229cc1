"""Opens the journals of a run: where they are, what their first and last entries say. Touches the folder of the journals."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler import __version__
from reconciler.cli.git import checkout_of
from reconciler.cli.provenance import ci_actor, ci_run
from reconciler.cli.workspace import Workspace
from reconciler.model.checkout import Checkout
from reconciler.model.journal import FORMAT, Actor, Begun, Ended
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.words import step_title
from reconciler.plan.digest import plan_sha256
from reconciler.report.escape import escape
from reconciler.rollout.errors import JournalFailed
from reconciler.rollout.journal_file import JournalFile


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of one run: one file an environment, one id for all of them."""

    folder: Path
    run: str
    checkout: Checkout | None

    @classmethod
    def of_new_run(cls, folder: Path, workspace: Workspace) -> Journals:
        """A run with a new id, which begins with the moment and so sorts by it."""
        run = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        return cls(folder, run, checkout_of(workspace.root))

    def begin(self, plan: Plan) -> JournalFile:
        """The journal of the plan's environment, with the run's first entry in it. Raises JournalFailed."""
        journal = JournalFile(self.folder, plan.environment, self.run)
        target = plan.target
        actor = Actor(target.caller, target.by_application, ci_actor(os.environ), ci_run(os.environ))
        begun = Begun(
            FORMAT,
            __version__,
            plan.environment,
            target.organization_id,
            target.organization,
            target.url,
            plan_sha256(plan),
            plan.desired_sha256,
            actor,
            tuple(step_title(step) for step in plan.steps),
            self.checkout.commit if self.checkout is not None else None,
            self.checkout.dirty if self.checkout is not None else False,
            tuple((objection.code, objection.waived) for objection in plan.objections if objection.waived is not None),
            plan.undoes.run if plan.undoes is not None else None,
            tuple(dict.fromkeys((approval.group, approval.given) for approval in plan.approvals if approval.given is not None)),
        )
        journal.record(begun)
        return journal

    def told(self) -> str:
        """What a person may do with the run afterwards."""
        return f"Recorded as run {self.run}. To see it: rictl history show {self.run}. To plan its reversal: rictl undo {self.run}"


def folder_of(workspace: Workspace, given: Path | None) -> Path:
    """The folder of the journals: the one that was named, else that of the checkout."""
    return given if given is not None else workspace.working / "journal"


def end(journal: JournalFile, outcome: Outcome) -> None:
    """Records how the run ended. When that cannot be, it is told: nothing is left to stop."""
    if outcome.converged:
        ended = Ended("converged")
    elif outcome.interrupted:
        ended = Ended("interrupted", outcome.failure or "")
    else:
        ended = Ended("not-converged" if outcome.wrote else "nothing-written", outcome.failure or "planning again finds more to do")
    try:
        journal.record(ended)
    except JournalFailed as error:
        click.echo(escape(f"warning: {outcome.plan.environment}: {error.detail}"), err=True)
