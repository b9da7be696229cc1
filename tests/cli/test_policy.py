"""The rules of a team in plan, apply, validate and policy test, against an embedded organization."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

Rictl = Callable[..., tuple[int, str, str]]

HEAD = "apiVersion: rictl/v1\nkind: Policy\nmetadata: {name: team, owner: crm}\nrules:\n"
DENY = "  - {code: too-much, when: changes.size() > 1, effect: deny, waivable: true, message: '{changes.size()} changes'}\n"
APPROVE = "  - {code: look-first, when: changes.size() > 1, effect: require-approval, approvers: [privacy], message: look at it}\n"
WARN = "  - {code: by-the-way, when: 'environment == \"small\"', effect: warn, message: it is small}\n"
LOST = "  - {code: lost, when: plan.nothing, effect: warn, message: m}\n"
CASES = "apiVersion: rictl/v1\nkind: PolicyTest\ncases:\n"


@pytest.fixture
def team(workspace: Path) -> Callable[[str], None]:
    def write(rules: str) -> None:
        (workspace / "policies" / "tests").mkdir(parents=True, exist_ok=True)
        (workspace / "policies" / "team.yaml").write_text(HEAD + rules, encoding="utf-8")

    return write


def test_a_denied_plan_is_refused_and_applied_only_with_a_waiver(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY + WARN)

    code, out, _ = rictl("plan", "small")

    assert code == 3
    assert "! refused: policy/too-much\n      2 changes\n" in out
    assert "waive with --allow policy/too-much=REASON" in out
    assert "notice: policy/by-the-way  it is small" in out
    assert rictl("apply", "small", "--auto-approve")[0] == 3
    code, out, _ = rictl("apply", "small", "--auto-approve", "--allow", "policy/too-much=agreed")
    assert code == 0, out


def test_a_rule_without_an_answer_refuses_the_plan(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(LOST)

    code, out, _ = rictl("plan", "small")

    assert code == 3
    assert "! refused: policy-failed" in out
    assert "the rule lost (policies/team.yaml:5) has no answer for this plan: Key not found in map" in out


def test_a_waiver_of_a_rule_must_name_one_that_may_be_waived(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY + WARN)

    assert rictl("plan", "small", "--allow", "policy/too-mch=x")[2].endswith("(did you mean `policy/too-much`?)\n")
    code, _, err = rictl("plan", "small", "--allow", "policy/by-the-way=x")
    assert (code, "does not say `waivable: true`" in err) == (64, True)


def test_a_required_approval_is_given_by_name_and_recorded(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(APPROVE)

    code, out, _ = rictl("plan", "small")
    assert code == 0
    assert "approval: privacy (policy/look-first)" in out
    code, _, err = rictl("apply", "small", "--auto-approve")
    assert code == 3
    assert err.endswith(
        "error[approval-missing]: an approval is required and was not given:\n"
        "  - small: privacy must approve (look-first): look at it\n"
        "  hint: once it is given: --approved-by privacy=WHO\n"
        "Nothing was written anywhere.\n"
    )
    code, out, _ = rictl("apply", "small", "--auto-approve", "--approved-by", "privacy=Ana Pop, PR 41")
    assert code == 0
    assert "approved by privacy: Ana Pop, PR 41 (policy/look-first)" in out


def test_what_is_published_does_not_name_who_approved(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(APPROVE)

    code, out, _ = rictl("apply", "small", "--auto-approve", "--approved-by", "privacy=Ana Pop", "--format", "markdown=said.md")

    assert (code, "Ana Pop" in out) == (0, True)
    assert "Ana Pop" not in Path("said.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", ["privacy", "=Ana", "privacy= "])
def test_an_approval_by_nobody_is_wrong_usage(rictl: Rictl, team: Callable[[str], None], given: str) -> None:
    team(APPROVE)

    assert rictl("apply", "small", "--auto-approve", "--approved-by", given)[0] == 64


def test_an_approval_that_no_rule_asks_for_is_wrong_usage(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(APPROVE)

    code, _, err = rictl("apply", "small", "--auto-approve", "--approved-by", "privcy=Ana")
    assert (code, "did you mean `privacy`?" in err) == (64, True)
    team(WARN)
    code, _, err = rictl("apply", "small", "--auto-approve", "--approved-by", "privacy=Ana")
    assert (code, "no rule asks for an approval" in err) == (64, True)


def test_a_saved_plan_is_asked_the_rules_of_today(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(APPROVE)
    assert rictl("plan", "small", "--out", "plan.json")[0] == 0

    team(DENY)
    code, _, err = rictl("apply", "plan.json", "--approved-by", "privacy=Ana")
    assert (code, "there is an objection now: policy/too-much" in err) == (3, True)
    team(WARN)
    code, _, err = rictl("apply", "plan.json")
    assert (code, "error[approval-missing]" in err) == (3, True)
    assert rictl("apply", "plan.json", "--approved-by", "privacy=Ana")[0] == 0


def test_approving_automatically_ends_at_the_named_risk(rictl: Rictl, workspace: Path) -> None:
    assert rictl("apply", "small", "--auto-approve")[0] == 0
    file = workspace / "environments" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text[: text.index('forms:')]}forms:\n  - {{table: lead, form: Contoso Lead, widgets: []}}\n", encoding="utf-8")
    assert rictl("plan", "small", "--out", "plan.json")[0] == 0

    code, _, err = rictl("apply", "plan.json", "--auto-approve=low")

    assert code == 3
    assert err.endswith(
        "error[risk-too-high]: --auto-approve=low does not reach as far as this plan:\n"
        "  - small: the risk is medium\n"
        "  hint: let somebody review it, then apply it with --auto-approve or at a terminal\n"
        "Nothing was written anywhere.\n"
    )
    assert rictl("apply", "small", "--auto-approve=lowest")[0] == 64
    assert rictl("apply", "--auto-approve=medium", "small")[0] == 0


def test_wrong_policies_stop_plan_and_validate(rictl: Rictl, team: Callable[[str], None]) -> None:
    team("  - {code: a, when: riks, effect: warn, message: m}\n")

    code, out, err = rictl("plan", "small")
    assert (code, out) == (1, "")
    assert "policies/team.yaml:5:21" in err
    assert err.endswith("Nothing was read or written.\n")
    code, out, _ = rictl("validate")
    assert code == 1
    assert "error[expression-type]: undeclared reference to 'riks'; did you mean `risk`?" in out


def test_validate_counts_policies(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(WARN)

    assert rictl("validate")[1] == "1 environment and 1 policy file are valid.\n"
    assert rictl("validate", "policies")[1] == "1 policy file is valid.\n"
    assert rictl("validate", "policies/team.yaml")[0] == 0
    assert rictl("validate", "small")[1] == "1 environment is valid.\n"


def cases(text: str) -> None:
    Path("policies/tests/team.yaml").write_text(CASES + text, encoding="utf-8")


GOOD = "  - {name: two, plan: {changes: [{}, {}]}, expect: [{code: too-much, effect: deny}]}\n"
BAD = "  - {name: one, plan: {changes: [{}, {}], environment: small}, expect: []}\n"


def test_policy_test_says_what_differs(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY + WARN + APPROVE)
    cases(GOOD.replace("}]}\n", "}, {code: look-first, effect: require-approval}]}\n") + BAD)

    code, out, _ = rictl("policy", "test")

    assert code == 1
    assert out == (
        "ok    policies/tests/team.yaml:4  two\n"
        "FAIL  policies/tests/team.yaml:5  one\n"
        "        applies, and is not expected: by-the-way (warn): it is small\n"
        "        applies, and is not expected: look-first (require-approval): look at it\n"
        "        applies, and is not expected: too-much (deny): 2 changes\n"
        "\n"
        "2 cases: 1 passed, 1 failed; 2 of 3 rules applied. Not shown to apply by any case: by-the-way.\n"
    )


def test_policy_test_is_rendered_for_programs(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY + LOST)
    cases(GOOD + "  - {name: '<one>', plan: {nothing_read: 1}, expect: []}\n".replace("nothing_read", "checked"))

    code, out, _ = rictl("policy", "test", "--format", "json")
    document = json.loads(out)
    assert (code, document["format"], document["passed"], document["untested"]) == (1, "rictl-policy-test/1", False, ["lost"])
    assert document["cases"][1]["unanswered"] == [{"code": "lost", "error": 'Key not found in map : "nothing"'}]
    team(DENY)
    out = rictl("policy", "test", "policies/tests/team.yaml", "--format", "junit")[1]
    assert '<testcase classname="policies/tests/team.yaml" name="two"/>' in out
    team(DENY + LOST)
    out = rictl("policy", "test", "policies/tests/team.yaml", "--format", "junit")[1]
    suite = ElementTree.fromstring(out)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "2")
    assert [case.get("name") for case in suite] == ["two", "<one>"]


def test_a_case_may_take_a_saved_plan(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY)
    assert rictl("plan", "small", "--out", "policies/tests/saved.json")[0] == 3
    cases("  - {name: saved, planFile: saved.json, expect: [{code: too-much, effect: deny}]}\n")

    assert rictl("policy", "test")[0] == 0
    with Path("policies/tests/huge.json").open("wb") as huge:
        huge.truncate(33 * 1024 * 1024)
    for wrong in ("gone.json", "team.yaml", "huge.json"):
        cases(f"  - {{name: saved, planFile: {wrong}, expect: []}}\n")
        assert "error[no-such-plan]" in rictl("policy", "test")[2]
    cases("  - {name: saved, planFile: saved.json, environment: other, expect: []}\n")
    assert "one of: small" in rictl("policy", "test")[2]


def test_mistakes_in_cases_are_told_at_their_places(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY)
    cases(
        "  - {name: a, plan: {chnages: [{acton: x}]}, expect: [{code: too-mch, effect: deny}]}\n"
        "  - {name: b, expect: [{code: too-much, effect: warn}]}\n"
        "  - {name: c, plan: {}}\n"
    )

    code, _, err = rictl("policy", "test")

    assert code == 1
    assert "unknown-key" not in err
    cases(
        "  - {name: a, plan: {chnages: [{acton: x}]}, expect: [{code: too-mch, effect: deny}]}\n"
        "  - {name: b, expect: [{code: too-much, effect: warn}]}\n"
    )
    err = rictl("policy", "test")[2]
    for hint in ("did you mean `changes`?", "did you mean `action`?", "did you mean `too-much`?", "write `effect: deny`", "exactly-one"):
        assert hint in err
    team("  - {code: a, when: riks, effect: warn, message: m}\n")
    assert "expression-type" in rictl("policy", "test")[2]


def test_nothing_to_test_is_wrong_usage(rictl: Rictl, team: Callable[[str], None]) -> None:
    team(DENY)

    code, _, err = rictl("policy", "test")
    assert (code, "there is no tests/*.yaml" in err) == (64, True)
