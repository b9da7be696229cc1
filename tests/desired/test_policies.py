"""Policies are read as strictly as environments: every mistake at its place, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired import policies
from reconciler.desired.policies import LoadedPolicies, load_policies, policy_files
from reconciler.model.policy import Rule
from reconciler.model.source import SourceSpan
from reconciler.report.diagnostics import diagnostics_text

HEAD = "apiVersion: rictl/v1\nkind: Policy\nmetadata: {name: team, owner: crm}\nrules:\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder: Path, rules: str, *, head: str = HEAD, name: str = "team") -> LoadedPolicies:
    (folder / f"{name}.yaml").write_text(head + rules, encoding="utf-8")
    return load_policies(policy_files(folder))


def said(loaded: LoadedPolicies) -> list[str]:
    assert not any(one.severity == "error" for one in loaded.diagnostics) or loaded.rules == ()
    return [f"{one.where.line}:{one.where.column} {one.code}: {one.summary}" for one in loaded.diagnostics if one.where is not None]


def test_a_rule_is_read_with_its_place(folder: Path) -> None:
    loaded = read(
        folder,
        "  - code: look\n    when: risk == 'high'\n    effect: require-approval\n    approvers: [a, b]\n"
        "    message: >-\n      one\n      line\n    hint: h\n    why: w\n",
    )

    assert loaded.diagnostics == ()
    where = SourceSpan("team.yaml", 5, 5)
    assert loaded.rules == (
        Rule("look", "risk == 'high'", "require-approval", "one line", where, "team", "crm", ("a", "b"), hint="h", why="w"),
    )


def test_every_mistake_of_a_file_is_told_at_once(folder: Path) -> None:
    loaded = read(folder, "  - code: Look\n    wen: risk\n    effect: refuse\n    message: m\n    approvers: []\n")

    assert said(loaded) == [
        "5:5 missing-key: `when` is missing in `rules[0]`",
        "5:11 wrong-format: `code` does not have the right form",
        "6:5 unknown-key: `wen` is not a key of `rules[0]`",
        "7:13 unknown-value: `refuse` is no value of `effect`",
        "9:5 empty-list: `approvers` is empty",
    ]
    assert [one.hint for one in loaded.diagnostics if one.code == "unknown-key"] == ["did you mean `when`?"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("risk > 3", "6:16 expression-type: found no matching overload for '_>_' applied to '(string, int)'"),
        ("'risk > 3'", "6:17 expression-type: found no matching overload for '_>_' applied to '(string, int)'"),
        ('"risk > 3"', "6:17 expression-type: found no matching overload for '_>_' applied to '(string, int)'"),
        ('"\\x72isk > 3"', "6:11 expression-type: found no matching overload for '_>_' applied to '(string, int)' "
                           "(line 1, column 6 of the expression)"),
        ("|\n      risk == 'low' &&\n      risk > 3",
         "8:12 expression-type: found no matching overload for '_>_' applied to '(string, int)'"),
        ("|-\n      risk == )", "7:15 expression-syntax: Syntax error: mismatched input ')' expecting {'[', '{', '(', '.', '-', '!', "
                                "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"),
        (">-\n      true\n      && risk",
         "6:11 expression-type: found no matching overload for '_&&_' applied to '(bool, string)' (line 1, column 6 of the expression)"),
        ("size(changes)", "6:11 expression-type: the condition is a int, not true or false"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_expression_is_told_at_its_place(folder: Path, written: str, expected: str) -> None:
    loaded = read(folder, f"  - code: look\n    when: {written}\n    effect: warn\n    message: m\n")

    assert said(loaded) == [expected]


def test_a_mistake_in_a_message_is_told_at_its_place(folder: Path) -> None:
    loaded = read(folder, "  - code: look\n    when: true || risk == ''\n    effect: warn\n    message: the {riks} and }\n")

    assert diagnostics_text(loaded.diagnostics) == (
        "error[expression-type]: undeclared reference to 'riks'; did you mean `risk`?\n"
        "  --> team.yaml:8:19\n"
        "   8 |     message: the {riks} and }\n"
        "     |                   ^^^^^^^^^^^\n"
        "  hint: docs/policies.md lists what can be named\n\n"
        "error[expression-syntax]: this brace has no partner\n"
        "  --> team.yaml:8:29\n"
        "   8 |     message: the {riks} and }\n"
        "     |                             ^\n"
        "  hint: docs/policies.md lists what can be named"
    )


def test_what_contradicts_itself_in_a_rule_is_told(folder: Path) -> None:
    rules = (
        "  - {code: a, when: 'true || risk == \"\"', effect: require-approval, message: m, waivable: true}\n"
        "  - {code: a, when: 'true || risk == \"\"', effect: warn, message: m, approvers: [b]}\n"
    )

    assert {one.code for one in read(folder, rules).diagnostics} == {"rule-contradiction", "duplicate-rule"}
    assert said(read(folder, rules)) == [
        "5:51 rule-contradiction: the rule requires an approval and names nobody who could give it",
        "5:81 rule-contradiction: `waivable` says something only for the effect `deny`",
        "6:12 duplicate-rule: the rule `a` stands in team.yaml:5 already",
        "6:69 rule-contradiction: `approvers` says something only for the effect `require-approval`",
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD.replace("Policy", "Polcy"), "2:7 wrong-kind: `Polcy` is no kind of the files in this folder"),
        (HEAD.replace("v1", "v9"), "1:13 unknown-api-version: `rictl/v9` is no apiVersion of the files in this folder"),
        (HEAD.replace("name: team", "name: other"), "3:18 file-name: the file is called `team.yaml`, what it describes `other`"),
        ("rules: [\n", "2:1 yaml-syntax: while parsing a flow node: did not find expected node content"),
        ("\xff\ud800", "1:2 not-utf-8: byte 0xed is not UTF-8"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(folder: Path, head: str, expected: str) -> None:
    rules = "  - {code: a, when: 'risk == \"\"', effect: warn, message: m}\n" if head.startswith("api") else ""
    (folder / "team.yaml").write_bytes((head + rules).encode("utf-8", "surrogatepass"))

    assert said(load_policies(policy_files(folder))) == [expected]


def test_more_files_than_are_read_are_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "MOST_FILES", 1)
    read(folder, "  - {code: a, when: 'risk == \"\"', effect: warn, message: m}\n")
    loaded = read(folder, "  - {code: b, when: 'risk == \"\"', effect: warn, message: m}\n", name="late")

    assert [(one.code, str(one.where)) for one in loaded.diagnostics] == [
        ("file-name", "late.yaml:3:18"),
        ("too-many-policies", "team.yaml:1:1"),
    ]
    assert loaded.rules == ()


def test_a_checkout_without_policies_has_no_rules(folder: Path) -> None:
    assert load_policies(policy_files(folder / "policies")) == LoadedPolicies((), (), ())
