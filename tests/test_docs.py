"""The documentation says what is: commands, codes, links, sizes, and the first plan that it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reconciler.catalog.acceptance import ACCEPTANCES
from reconciler.cli.app import COMMANDS, run
from reconciler.cli.failures import code_of
from reconciler.model import exit_codes
from reconciler.model.errors import RemoteError
from reconciler.report.plan_document import DOCUMENT_PROBLEMS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`rictl {command}" in README


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"(?:`|\$ )make ([a-z-]+)", page.read_text(encoding="utf-8"))}

    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_exit_codes_page_lists_the_codes_that_there_are() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    there = {value for name, value in vars(exit_codes).items() if name.isupper()}

    assert documented == there


def test_every_acceptance_is_said_to_be_an_inference() -> None:
    assert all(acceptance.name.startswith("inferred-") and acceptance.confirm for acceptance in ACCEPTANCES)


def test_the_readme_shows_the_plan_as_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.search(r"\$ (rictl plan [^\n]+)\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    monkeypatch.chdir(tmp_path)

    run(shown[1].split()[1:])

    printed = capsys.readouterr().out
    assert steady(shown[2]) == steady(printed)
    run(["plan", "contoso-test"])
    in_full = steady(capsys.readouterr().out)
    excerpt = re.search(r"shown in full:\n\n```text\n(.*?)```", README, re.DOTALL)
    assert excerpt is not None
    assert [line for line in steady(excerpt[1]) if line not in in_full] == []


def steady(text: str) -> list[str]:
    """Without what differs from run to run."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", text)
    text = re.sub(r"\d{4}-\d\d-\d\d", "DATE", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def test_the_demo_lists_only_commands_that_exist() -> None:
    demo = (ROOT / "examples" / "demo.py").read_text(encoding="utf-8")
    called = set(re.findall(r'story\.run\(\s*"([a-z]+)"', demo))

    assert called <= set(COMMANDS)


def test_every_error_of_the_remote_side_is_explained() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8").split("## The remote side")[1]
    explained = set(re.findall(r"^### (.+)$", page, re.MULTILINE))
    kinds = {code_of(kind("")) for kind in RemoteError.__subclasses__()}

    assert explained == kinds | set(DOCUMENT_PROBLEMS) | set(re.findall(r"error\[([a-z-]+)\]", sources()))


def sources() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "reconciler" / "cli").rglob("*.py"))
