"""GitHub's runner takes our lines for the annotations that they are, and nothing else of them for a command."""

from __future__ import annotations

from reconciler.report.formats.book import Style, render
from reconciler.report.log_text import inert
from tests.report.runner import github_commands
from tests.report.settling import CHANGING, HOSTILE, applied, broken, incomplete, refused, run_of_plans, validation


def test_a_diagnostic_is_annotated_at_its_place() -> None:
    assert render("github", validation(broken()), Style()) == (
        "::error file=environments/a.yaml,line=3,col=5,endColumn=12,title=rictl unknown-key::"
        "`enabeld` number 1 is not a key%0Adid you mean `enabled`?"
    )


def test_a_plan_with_nothing_to_settle_prints_nothing() -> None:
    run = run_of_plans(CHANGING)

    assert len(render("github", run, Style()).split("\n")) == 1
    assert render("github", validation(), Style()) == ""


def test_more_than_ten_of_a_kind_are_nine_and_the_number_of_the_rest() -> None:
    lines = render("github", validation(*(broken(number) for number in range(1, 13))), Style()).split("\n")

    commands = github_commands(lines)
    assert [command for command, _, _ in commands] == ["error"] * 10 + ["group", "endgroup"]
    assert commands[9][2] == "and 3 more of level error: see the text of this step"
    assert len(render("github", validation(*(broken(number) for number in range(10))), Style()).split("\n")) == 10


def test_errors_warnings_and_notes_have_ten_each() -> None:
    run = run_of_plans(*(refused(f"e{number}") for number in range(20)))

    commands = [command for command, _, _ in github_commands(render("github", run, Style()).split("\n"))]
    assert {name: commands.count(name) for name in commands} == {"error": 10, "warning": 10, "notice": 10, "group": 3, "endgroup": 3}


def test_hostile_names_are_only_text() -> None:
    run = run_of_plans(*(refused(HOSTILE, HOSTILE) for _ in range(12)), incomplete(HOSTILE, HOSTILE))

    lines = render("github", run, Style()).split("\n")

    assert all(line.isprintable() for line in lines)
    assert {command for command, _, _ in github_commands(lines)} <= {"error", "warning", "notice", "group", "endgroup"}
    assert len(github_commands(lines)) == 10 + 10 + 10 + 6
    assert "::set-env name=A::b" in github_commands(lines)[0][2]


def test_what_failed_in_an_apply_is_annotated() -> None:
    found = github_commands(render("github", applied(), Style()).split("\n"))

    assert [properties["title"] for _, properties, _ in found] == ["rictl step-failed", "rictl step-unknown", "rictl not-converged"]


def test_a_line_of_text_cannot_be_a_command() -> None:
    for attempt in ("::error::x", "  \u2003::error::x", "\u034f::error::x", "a ##[error]x", "#\u034f#[add-mask]x", "a\r::error::x"):
        assert github_commands(inert(attempt).split("\n")) == []
        assert not inert(attempt).replace("\u034f", "").lstrip().startswith("::")
        assert "##" not in inert(attempt).replace("\u034f", "")
    assert inert("plain: äöü :: and # too") == "plain: äöü :: and # too"
