from __future__ import annotations

from dataclasses import replace

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.plan import Objection
from reconciler.report.as_outcome import outcome_text
from tests.plan.test_forms import WHO
from tests.plan.worlds import declared_form, lead_form, on_form, organization, plan, wish
from tests.report.test_verdict import CHANGING, EMPTY, GOOD, HALF, IDLE, INCOMPLETE, REMAINDER, STEP, STOPPED, UNTOUCHED


def test_a_converged_environment_is_proved() -> None:
    text = outcome_text([GOOD])

    assert "converged: every step is done, and planning again finds nothing to change" in text
    assert "  done:\n    write msdyn_wkwconfig: who_knows_whom (enabled)\n" in text
    assert "remaining" not in text


def test_an_idle_environment_converged_too() -> None:
    assert "converged" in outcome_text([IDLE])


def test_done_failed_and_not_reached_stand_apart() -> None:
    steps = (StepOutcome(STEP, "done"), StepOutcome(STEP, "failed", "403 \x1b[31m"), StepOutcome(STEP, "not-reached"))

    text = outcome_text([Outcome(CHANGING, steps, failure="no privilege")])

    assert text.index("  done:") < text.index("  failed:") < text.index("  not reached:")
    assert "why: no privilege" in text
    assert "403 \\x1b[31m" in text


def test_a_lost_answer_is_called_an_unknown_effect() -> None:
    assert "  effect unknown:" in outcome_text([Outcome(CHANGING, (StepOutcome(STEP, "unknown"),), failure="no answer")])


def test_nothing_written_is_said() -> None:
    assert "nothing was written" in outcome_text([UNTOUCHED])


def test_an_interrupted_run_says_how_to_go_on() -> None:
    assert "interrupted: the steps below that are done stay done" in outcome_text([STOPPED])


def test_what_remains_is_listed() -> None:
    assert "  remaining:\n    + contoso-test/who_knows_whom  enable\n" in outcome_text([REMAINDER])
    assert "not converged" in outcome_text([HALF])


def test_what_could_not_be_proved_is_listed() -> None:
    unproved = replace(INCOMPLETE, problems=(Diagnostic("role-not-found", "gone"),))

    text = outcome_text([replace(GOOD, remaining=unproved)])

    assert "? contoso-test/who_knows_whom enabled: 403" in text
    assert "? role-not-found: gone" in text


def test_a_publish_that_remains_is_listed_as_a_step() -> None:
    made = plan(wish(forms=(declared_form(WHO),)), on_form(lead_form()))
    cut = replace(made, changes=(), steps=made.steps[1:])

    assert "    publish lead" in outcome_text([Outcome(made, (StepOutcome(made.steps[0], "done"),), remaining=cut)])


def test_the_organization_is_named() -> None:
    assert outcome_text([Outcome(EMPTY, (), remaining=EMPTY)]).startswith("contoso-test  Contoso Test  https://")
    assert EMPTY.target.organization == organization().organization.name


def test_an_objection_that_arose_meanwhile_remains() -> None:
    fell_back = replace(EMPTY, objections=(Objection("activation-failed", "it failed again", "look at it"),))

    text = outcome_text([replace(GOOD, remaining=fell_back)])

    assert "not converged" in text
    assert "    ! activation-failed: it failed again" in text
