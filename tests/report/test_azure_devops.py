"""The agent of Azure Pipelines takes our lines for the issues that they are, and nothing else of them for a command."""

from __future__ import annotations

from reconciler.report.formats.azdo import SUCCEEDED_WITH_ISSUES, escaped
from reconciler.report.formats.book import Style, render
from reconciler.report.log_text import inert
from tests.report.runner import azure_commands
from tests.report.settling import HOSTILE, applied, broken, incomplete, refused, run_of_plans, validation


def test_a_diagnostic_is_an_issue_at_its_place() -> None:
    assert render("azdo", validation(broken()), Style()) == (
        "##vso[task.logissue type=error;sourcepath=environments/a.yaml;linenumber=3;columnnumber=5;code=unknown-key;]"
        "`enabeld` number 1 is not a key%0Adid you mean `enabled`?"
    )


def test_only_a_run_with_warnings_and_no_error_succeeds_with_issues() -> None:
    assert render("azdo", validation(broken(severity="warning")), Style()).split("\n")[-1] == SUCCEEDED_WITH_ISSUES
    assert SUCCEEDED_WITH_ISSUES not in render("azdo", validation(broken(1), broken(2, severity="warning")), Style())
    assert render("azdo", validation(), Style()) == ""


def test_more_than_ten_of_a_kind_are_nine_and_the_number_of_the_rest() -> None:
    lines = render("azdo", validation(*(broken(number) for number in range(1, 13))), Style()).split("\n")

    assert len(azure_commands(lines)) == 10
    assert azure_commands(lines)[9][2] == "and 3 more of level error: see the text of this step"
    assert [line for line in lines if line.startswith("##[")] == ["##[group]rictl: 3 more of level error", "##[endgroup]"]


def test_hostile_names_are_only_text() -> None:
    run = run_of_plans(*(refused(HOSTILE, HOSTILE) for _ in range(12)), incomplete(HOSTILE, HOSTILE))

    lines = render("azdo", run, Style()).split("\n")

    assert all(line.isprintable() for line in lines)
    found = azure_commands(lines)
    assert {name for name, _, _ in found} == {"task.logissue"}
    assert len(found) == 20


def test_text_comes_through_the_escaping_unchanged() -> None:
    for text in ("100 % of a;b]c", "%AZP25", "%3B", "a\r\nb"):
        ((_, properties, data),) = azure_commands([f"##vso[task.logissue code={escaped(text)};]{escaped(text)}"])
        assert (properties["code"], data) == (text, text)


def test_what_failed_in_an_apply_is_an_issue() -> None:
    found = azure_commands(render("azdo", applied(), Style()).split("\n"))

    assert [properties["code"] for _, properties, _ in found] == ["step-failed", "step-unknown", "not-converged"]


def test_a_line_of_text_cannot_be_a_command() -> None:
    assert inert("a role ##vso[task.setvariable variable=a]b") == "a role # # vso[task.setvariable variable=a]b"
    assert azure_commands([inert("#\u034f#vso[task.complete]").replace("\u034f", "")]) == []
