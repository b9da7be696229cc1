"""What a run writes down, and what it leaves undone when it cannot write it down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from reconciler.catalog.register import CATALOG
from reconciler.model.errors import Conflict, Unreachable
from reconciler.model.fact import Known
from reconciler.model.journal import Answered, Entry, FormIntent, PublishIntent, ReadBack, RowIntent, StepEnded, Waiting
from reconciler.model.packed import unpacked
from reconciler.model.plan import Plan, Step, Target
from reconciler.rollout.apply import Account, Rollout
from reconciler.rollout.errors import JournalFailed
from reconciler.rollout.pace import Pace
from tests.rollout.organization import START, Organization
from tests.rollout.test_apply import FORM, KNOWN, PUBLISH, WAIT, WRITE, form, organization, write_form


@dataclass
class Paper:
    """A journal in memory that takes so many entries and no more."""

    room: int = 1000
    entries: list[Entry] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        if len(self.entries) >= self.room:
            raise JournalFailed("the journal cannot be written: No space left on device")
        self.entries.append(entry)
        self.log.append(entry.entry)


def carry_out(remote: Organization, steps: Sequence[Step], paper: Paper, *, abort_on: str = "") -> Account:
    async def run() -> Account:
        plan = Plan("contoso", Target("organization-1", "Contoso", "https://x", "rictl", 1033), START, "0" * 64, (), tuple(steps))
        task = asyncio.create_task(Rollout(plan, remote, CATALOG, KNOWN, Pace(lambda _line: None), paper).run())
        if abort_on:
            await remote.hanging.wait()
            task.cancel()
        return await task

    return asyncio.run(run())


def test_every_write_stands_between_its_intent_and_its_result() -> None:
    paper = Paper()
    account = carry_out(organization(), [WRITE, WAIT, write_form(), PUBLISH], paper)

    assert account.failure is None
    assert paper.log == [
        *("row-intent", "answered", "step-ended"),
        *("waiting", "step-ended"),
        *("form-intent", "answered", "step-ended"),
        *("publish-intent", "answered", "step-ended"),
    ]
    intent, _, end = paper.entries[:3]
    assert isinstance(intent, RowIntent)
    assert (intent.step, intent.table, intent.row_id, intent.etag) == (0, "msdyn_wkwconfig", "row-1", 'W/"7"')
    assert [(f.kind, f.field, f.before, f.after) for f in intent.fields] == [("who_knows_whom", "enabled", Known(False), True)]
    assert isinstance(end, StepEnded)
    assert end.read_back == ReadBack('W/"7"', (("who_knows_whom", "enabled", Known(True)),))
    assert paper.entries[3] == Waiting(1, "who_knows_whom", "on", 60)
    written, form_end = paper.entries[5], paper.entries[7]
    assert isinstance(written, FormIntent)
    assert unpacked(written.before) == FORM
    assert isinstance(form_end, StepEnded)
    assert form_end.read_back == ReadBack('W/"9"', form_sha256=written.after_sha256)
    assert written.before_sha256 == sha256(FORM).hexdigest()
    assert paper.entries[8] == PublishIntent(3, "lead")


def test_without_its_intent_on_disk_nothing_is_written() -> None:
    for step in (WRITE, write_form(), replace(PUBLISH, carries_others=True)):
        remote = organization(form=form())
        account = carry_out(remote, [step], Paper(room=0))

        assert "No space left on device" in (account.failure or "")
        assert [entry for entry in remote.log if entry.startswith(("write", "publish"))] == []
        assert [(step.status, step.wrote) for step in account.steps] == [("failed", False)]


def test_a_write_whose_result_finds_no_room_is_told_and_the_run_stops() -> None:
    account = carry_out(organization(), [WRITE, write_form()], Paper(room=1))

    assert "the write was taken, but that could not be recorded" in (account.failure or "")
    assert [(step.status, step.wrote) for step in account.steps] == [("failed", True), ("not-reached", False)]


def test_a_run_stops_when_the_end_of_a_step_finds_no_room() -> None:
    account = carry_out(organization(), [WRITE, write_form()], Paper(room=2))

    assert [(step.status, step.wrote) for step in account.steps] == [("failed", True), ("not-reached", False)]


def test_a_refused_write_and_a_lost_answer_are_recorded_as_what_they_are() -> None:
    for error, effect, status in (
        (Conflict("somebody else changed the row", why="412", request_id="server-1"), "refused", "failed"),
        (Unreachable("no answer", why="cut"), "unknown", "unknown"),
    ):
        paper = Paper()
        carry_out(organization(breaks_on={"write": error}), [WRITE], paper)

        answered, end = paper.entries[1:]
        assert isinstance(answered, Answered)
        assert (answered.effect, answered.request_id) == (effect, error.request_id)
        assert isinstance(end, StepEnded)
        assert end.status == status


def test_a_failure_is_told_even_where_the_journal_has_no_room_for_it() -> None:
    remote = organization(breaks_on={"write": Conflict("somebody else changed the row")})

    account = carry_out(remote, [WRITE], Paper(room=1))

    assert account.failure is not None
    assert account.failure.endswith("somebody else changed the row")


def test_an_answer_that_nobody_waited_for_is_recorded_as_unknown() -> None:
    paper = Paper()
    account = carry_out(organization(hangs_on="write"), [WRITE], paper, abort_on="write")

    assert account.interrupted
    answered, end = paper.entries[1:]
    assert isinstance(answered, Answered)
    assert (answered.effect, answered.detail) == ("unknown", "its answer was not waited for")
    assert isinstance(end, StepEnded)
    assert end.status == "unknown"
