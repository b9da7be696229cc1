"""What becomes of a plan when the environment behaves, has moved, forgets, is slow, fails or goes away."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.forms.reconcile import WidgetSpec, reconcile
from reconciler.model.desired import DesiredWidget
from reconciler.model.errors import Conflict, Denied, Unreachable
from reconciler.model.fact import Absent, Known, Ref
from reconciler.model.live import LiveForm
from reconciler.model.plan import AwaitActivation, FieldWrite, FormCopy, Limit, Plan, Publish, Step, Target, WriteForm, WriteRow
from reconciler.rollout.apply import Account, Rollout
from reconciler.rollout.pace import Pace
from tests.rollout.organization import START, Organization

KNOWN = (WidgetSpec("who-knows-whom", "Who knows whom", ("MsdynControls.WKWControls.ConnectionsWidget",), 6),)
FORM_ID = "11111111-2222-3333-4444-555555555555"
FORM = (
    b'<form><tabs><tab name="Summary" id="{00000000-0000-0000-0000-000000000001}"><columns><column width="100%"><sections>'
    b'<section name="A" id="{00000000-0000-0000-0000-000000000002}"><rows><row><cell id="{00000000-0000-0000-0000-000000000003}">'
    b'<control id="name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="name" /></cell></row></rows></section>'
    b"</sections></column></columns></tab></tabs></form>"
)
SWITCH = FieldWrite("who_knows_whom", "enabled", "msdyn_iswkwenabled", Known(False), True)
WRITE = WriteRow("on", "msdyn_wkwconfig", "row-1", 'W/"6"', True, (SWITCH,))
WAIT = AwaitActivation("on", "who_knows_whom", "msdyn_wkwconfig", "row-1", "on", 60)
PUBLISH = Publish("publish", "lead", (FormCopy(FORM_ID, "Contoso Lead", None),))
ROLES = (Ref("10000000-0000-4000-8000-000000000001", "Salesperson"),)
LIMIT = Limit("exchange_data", "securityRoles", "msdyn_odosmetadata", "row-1", "msdyn_enabledroles", ROLES)
OPEN = WriteRow(
    "on",
    "msdyn_activityanalysisconfig",
    "row-1",
    None,
    True,
    (FieldWrite("exchange_data", "enabled", "msdyn_datasource", Known(False), True),),
    (LIMIT,),
)


def organization(**attributes: object) -> Organization:
    made = Organization(facts={("who_knows_whom", "enabled"): Known(False)}, form=form())
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def form(xml: bytes = FORM) -> LiveForm:
    return LiveForm(FORM_ID, "Contoso Lead", "lead", 2, xml, FORM, 'W/"9"')


def write_form() -> WriteForm:
    wanted = (DesiredWidget("who-knows-whom"),)
    after = reconcile(FORM, form_id=FORM_ID, wanted=wanted, known=KNOWN, language=1033).xml
    return WriteForm(
        "forms", "lead", FORM_ID, "Contoso Lead", sha256(FORM).hexdigest(), sha256(after).hexdigest(), 'W/"9"', True, 1033, wanted
    )


def carry_out(remote: Organization, steps: Sequence[Step], *, stop: bool = False, told: list[str] | None = None) -> Account:
    async def rest(_seconds: float) -> None:
        return None

    async def run() -> Account:
        pace = Pace((told if told is not None else []).append, rest)
        if stop:
            pace.stop.set()
        target = Target("organization-1", "Contoso", "https://contoso.crm4.dynamics.com", "rictl", 1033)
        plan = Plan("contoso", target, START, "0" * 64, (), tuple(steps))
        return await Rollout(plan, remote, CATALOG, KNOWN, pace).run()

    return asyncio.run(run())


def statuses(account: Account) -> list[str]:
    return [outcome.status for outcome in account.steps]


def test_a_row_is_compared_written_with_if_match_and_read_back() -> None:
    remote = organization()

    account = carry_out(remote, [WRITE])

    assert statuses(account) == ["done"]
    assert account.failure is None
    assert remote.log == ["confirm msdyn_wkwconfig", 'write msdyn_wkwconfig row-1 W/"7"']


def test_without_optimistic_concurrency_no_etag_is_sent() -> None:
    remote = organization()

    carry_out(remote, [WriteRow("on", "msdyn_wkwconfig", "row-1", None, False, (SWITCH,))])

    assert remote.log[-1] == "write msdyn_wkwconfig row-1 None"


def test_a_value_that_moved_since_the_plan_stops_before_the_write_and_says_who_and_when() -> None:
    remote = organization(facts={("who_knows_whom", "enabled"): Known(True)})

    account = carry_out(remote, [WRITE, WAIT])

    assert statuses(account) == ["failed", "not-reached"]
    assert "was off, is on" in (account.failure or "")
    assert "Ana Pop on 2026-11-23 10:00:00 UTC" in (account.failure or "")
    assert not any(entry.startswith("write") for entry in remote.log)


def test_a_row_that_is_gone_is_not_created_again() -> None:
    account = carry_out(organization(row=None), [WRITE])

    assert statuses(account) == ["failed"]
    assert "is gone" in (account.failure or "")


def test_a_value_that_does_not_stick_is_named_with_what_was_written_and_what_came_back() -> None:
    account = carry_out(organization(keeps=False), [WRITE])

    assert statuses(account) == ["failed"]
    assert "enabled: wrote on, reads off" in (account.failure or "")


def test_a_missing_row_is_created_once_and_later_steps_write_to_it() -> None:
    remote = organization(row=None, facts={})
    create = WriteRow("on", "msdyn_wkwconfig", None, None, True, (SWITCH,))

    account = carry_out(remote, [create, create])

    assert statuses(account) == ["done", "done"]
    assert [entry for entry in remote.log if entry.startswith("write")] == [
        "write msdyn_wkwconfig None None",
        'write msdyn_wkwconfig row-new W/"7"',
    ]


def test_a_later_step_on_a_row_that_was_there_is_compared_too() -> None:
    remote = organization(facts={("who_knows_whom", "enabled"): Known(False)})
    template = FieldWrite("who_knows_whom", "introductionTemplate", "msdyn_emailtemplateid", Known(Ref("t1")), Ref("t2"))

    account = carry_out(remote, [WRITE, WriteRow("options", "msdyn_wkwconfig", "row-1", 'W/"6"', True, (template,))])

    assert statuses(account) == ["done", "failed"]
    assert "changed since the plan was made" in (account.failure or "")
    assert len([entry for entry in remote.log if entry.startswith("write")]) == 1


@pytest.mark.parametrize("held", [Absent(), Known((*ROLES, Ref("10000000-0000-4000-8000-000000000002"))), None])
def test_nothing_is_opened_when_what_limits_it_was_taken_away_after_the_plan(held: Absent | Known | None) -> None:
    facts = {("exchange_data", "enabled"): Known(False), ("exchange_data", "securityRoles"): held}
    remote = organization(facts={key: fact for key, fact in facts.items() if fact is not None})

    account = carry_out(remote, [OPEN])

    assert statuses(account) == ["failed"]
    assert "securityRoles (msdyn_odosmetadata.msdyn_enabledroles) no longer stands" in (account.failure or "")
    assert not any(entry.startswith("write") for entry in remote.log)


def test_what_is_limited_is_opened_when_the_limit_stands() -> None:
    remote = organization(facts={("exchange_data", "enabled"): Known(False), ("exchange_data", "securityRoles"): Known(ROLES)})

    assert statuses(carry_out(remote, [OPEN])) == ["done"]


def test_a_row_that_appeared_meanwhile_is_not_doubled() -> None:
    account = carry_out(organization(), [WriteRow("on", "msdyn_wkwconfig", None, None, True, (SWITCH,))])

    assert "has one now" in (account.failure or "")


def test_waiting_ends_when_the_status_is_reached_and_tells_condition_and_time() -> None:
    told: list[str] = []

    account = carry_out(organization(statuses=[1, 2, 3]), [WAIT], told=told)

    assert statuses(account) == ["done"]
    assert told[0] == ("waiting for who_knows_whom to be on: msdyn_wkwconfig.msdyn_currentstatus is 1, wanted 3, 0 of 60 s")
    assert len(told) == 4


@pytest.mark.parametrize(("target", "codes", "words"), [("on", [2, 4], "could not switch"), ("off", [5, 7], "could not switch")])
def test_a_failed_activation_is_a_failure(target: str, codes: list[int], words: str) -> None:
    step = AwaitActivation("on", "who_knows_whom", "msdyn_wkwconfig", "row-1", "on" if target == "on" else "off", 60)

    account = carry_out(organization(statuses=codes), [step])

    assert statuses(account) == ["failed"]
    assert words in (account.failure or "")


def test_waiting_has_a_deadline_and_says_for_what() -> None:
    account = carry_out(organization(statuses=[2], seconds_a_look=30.0), [WAIT])

    assert statuses(account) == ["failed"]
    assert "waited 60 s (limit 60 s) for msdyn_wkwconfig.msdyn_currentstatus to become 3" in (account.failure or "")


def test_a_wish_to_stop_is_heard_between_steps_and_nothing_more_is_written() -> None:
    remote = organization()

    account = carry_out(remote, [WRITE, WAIT], stop=True)

    assert account.interrupted
    assert statuses(account) == ["not-reached", "not-reached"]
    assert remote.log == ["confirm msdyn_wkwconfig"]


def test_a_wish_to_stop_is_heard_while_waiting() -> None:
    async def run() -> Account:
        stop = asyncio.Event()
        told: list[str] = []

        async def rest(_seconds: float) -> None:
            stop.set()

        target = Target("organization-1", "Contoso", "https://contoso.crm4.dynamics.com", "rictl", 1033)
        plan = Plan("contoso", target, START, "0" * 64, (), (WAIT,))
        return await Rollout(plan, organization(statuses=[2]), CATALOG, KNOWN, Pace(told.append, rest, stop)).run()

    account = asyncio.run(run())

    assert account.interrupted
    assert "while waiting" in (account.failure or "")


def aborted(remote: Organization, steps: Sequence[Step]) -> Account:
    """The account of a rollout that is cancelled as soon as the organization hangs."""

    async def run() -> Account:
        target = Target("organization-1", "Contoso", "https://contoso.crm4.dynamics.com", "rictl", 1033)
        plan = Plan("contoso", target, START, "0" * 64, (), tuple(steps))
        told: list[str] = []
        task = asyncio.create_task(Rollout(plan, remote, CATALOG, KNOWN, Pace(told.append)).run())
        await remote.hanging.wait()
        task.cancel()
        return await task

    return asyncio.run(run())


def test_a_second_wish_to_stop_does_not_wait_for_the_write_and_says_that_its_effect_is_unknown() -> None:
    account = aborted(organization(hangs_on="write"), [WRITE, WAIT])

    assert account.interrupted
    assert statuses(account) == ["unknown", "not-reached"]
    assert "Run plan to see what is there now" in (account.failure or "")


def test_a_second_wish_to_stop_while_waiting_leaves_nothing_unknown() -> None:
    account = aborted(organization(statuses=[2], hangs_on="look"), [WRITE, WAIT])

    assert account.interrupted
    assert statuses(account) == ["done", "not-reached"]


def test_metadata_that_does_not_fit_stops_everything_before_the_first_write() -> None:
    remote = organization(complaints={"msdyn_wkwconfig": "msdyn_wkwconfig has no column msdyn_iswkwenabled"})

    account = carry_out(remote, [WRITE])

    assert statuses(account) == ["not-reached"]
    assert "has no column" in (account.failure or "")
    assert remote.log == ["confirm msdyn_wkwconfig"]


def test_a_lost_answer_to_a_write_is_unknown_not_failed() -> None:
    lost = Unreachable("the answer was lost", request="PATCH https://x/y", why="connection reset", hint="run plan")

    account = carry_out(organization(breaks_on={"write": lost}), [WRITE, WAIT])

    assert statuses(account) == ["unknown", "not-reached"]
    assert "the answer was lost (PATCH https://x/y) connection reset run plan" in (account.failure or "")


def test_an_answer_that_is_lost_before_the_write_leaves_nothing_unknown() -> None:
    account = carry_out(organization(breaks_on={"form": Unreachable("no answer")}), [write_form()])

    assert [(outcome.status, outcome.wrote) for outcome in account.steps] == [("failed", False)]


def test_a_write_that_cannot_be_read_back_is_of_unknown_effect() -> None:
    account = carry_out(organization(lost_after_write=Denied("not allowed any more")), [WRITE])

    assert [(outcome.status, outcome.wrote) for outcome in account.steps] == [("unknown", True)]


@pytest.mark.parametrize(
    ("remote", "step"), [(organization(keeps=False), WRITE), (organization(spoil=b'datafieldname="name"'), write_form())]
)
def test_a_write_with_another_effect_failed_and_yet_wrote(remote: Organization, step: Step) -> None:
    account = carry_out(remote, [step])

    assert [(outcome.status, outcome.wrote) for outcome in account.steps] == [("failed", True)]


def test_a_lost_answer_to_a_look_is_a_failure_not_an_unknown_write() -> None:
    account = carry_out(organization(breaks_on={"look": Unreachable("no answer")}), [WAIT])

    assert statuses(account) == ["failed"]


def test_a_conflict_is_never_success() -> None:
    account = carry_out(organization(breaks_on={"write": Conflict("somebody else changed the row")}), [WRITE])

    assert statuses(account) == ["failed"]


def test_a_form_is_spliced_written_read_back_published_and_compared() -> None:
    remote = organization()

    account = carry_out(remote, [write_form(), PUBLISH])

    assert statuses(account) == ["done", "done"]
    assert remote.form is not None
    assert remote.form.published == remote.form.unpublished != FORM
    assert remote.log[:3] == ["confirm systemform", "form Contoso Lead", 'write-form Contoso Lead W/"9"']


def test_a_form_that_somebody_changed_is_not_written() -> None:
    remote = organization(form=form(FORM.replace(b"100%", b"99%")))

    account = carry_out(remote, [write_form(), PUBLISH])

    assert statuses(account) == ["failed", "not-reached"]
    assert "was changed since the plan was made" in (account.failure or "")
    assert not any(entry.startswith("write-form") for entry in remote.log)


def test_a_form_that_is_gone_is_told() -> None:
    assert "is gone" in (carry_out(organization(form=None), [write_form()]).failure or "")


def test_a_write_that_stores_nothing_is_a_failure_even_when_it_was_answered_with_success() -> None:
    account = carry_out(organization(stores_forms=False), [write_form()])

    assert "stored nothing" in (account.failure or "")


def test_a_form_that_is_stored_with_another_meaning_is_a_failure() -> None:
    account = carry_out(organization(spoil=b'datafieldname="name"'), [write_form()])

    assert "another meaning" in (account.failure or "")
    assert "datafieldname" in (account.failure or "")


def test_a_publish_that_people_do_not_see_is_a_failure() -> None:
    account = carry_out(organization(publishes=False), [write_form(), PUBLISH])

    assert statuses(account) == ["done", "failed"]
    assert "people do not see" in (account.failure or "")


@pytest.mark.parametrize("carries", [False, True])
def test_what_others_began_to_edit_after_the_plan_is_published_only_by_permission(carries: bool) -> None:
    remote = organization(others=("Other form",))

    account = carry_out(remote, [write_form(), replace(PUBLISH, carries_others=carries)])

    assert statuses(account) == ["done", "done" if carries else "failed"]
    assert ("publish lead" in remote.log) is carries
    if not carries:
        assert "others have begun to edit lead since the plan was made: Other form" in (account.failure or "")


def test_a_form_that_others_edited_after_the_plan_is_not_published_under_them() -> None:
    remote = organization(form=form(FORM.replace(b"100%", b"99%")))
    copy = FormCopy(FORM_ID, "Contoso Lead", sha256(FORM).hexdigest())

    account = carry_out(remote, [replace(PUBLISH, forms=(copy,))])

    assert statuses(account) == ["failed"]
    assert "publish lead" not in remote.log


def test_a_form_without_a_published_copy_is_not_taken_for_published() -> None:
    never = LiveForm(FORM_ID, "Contoso Lead", "lead", 2, FORM, None, 'W/"9"')

    account = carry_out(organization(form=never, publishes=False), [write_form(), PUBLISH])

    assert "no published copy" in (account.failure or "")


def test_a_plan_of_another_engine_is_refused() -> None:
    step = write_form()
    other = WriteForm(
        step.phase, step.table, step.form_id, step.form_name, step.before_sha256, "0" * 64, step.etag, True, 1033, step.widgets
    )

    assert "another version of rictl" in (carry_out(organization(), [other]).failure or "")


def test_a_kind_that_has_no_activation_is_a_mistake_of_ours() -> None:
    step = AwaitActivation("on", "exchange_data", "msdyn_activityanalysisconfig", "row-1", "on", 60)

    with pytest.raises(AssertionError, match="no activation"):
        carry_out(organization(), [step])


def test_time_is_measured_by_the_server_when_its_clock_runs_ahead() -> None:
    remote = organization(statuses=[2, 2, 2, 3], seconds_a_look=dt.timedelta(days=1).total_seconds())

    assert "waited 86400 s" in (carry_out(remote, [WAIT]).failure or "")
