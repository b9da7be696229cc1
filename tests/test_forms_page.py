"""The page on forms shows what the commands print; `RICTL_GOLDEN=write` writes its pictures and blocks anew."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.app import run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "forms.md"
BLOCK = re.compile(r"```console\n\$ rictl (forms [^\n]+)\n(.*?)```", re.DOTALL)
PICTURES = {
    "contact-by-hand": ("contoso-prod-emea", "contact", "Contoso Contact"),
    "contact-sales-insights": ("contoso-prod-emea", "contact", "standard:sales-insights"),
    "lead-with-ours": ("pictures", "lead", "Contoso Lead"),
}
Printed = Callable[..., str]


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """What a command prints in a copy of the shipped workspace, to which the page's environment was applied."""
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    declared = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert declared is not None
    (tmp_path / "environments" / "pictures.yaml").write_text(declared[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> str:
        code = run(list(words))
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out

    assert run(["apply", "pictures", "--auto-approve"]) == 0
    capsys.readouterr()
    return call


def test_every_block_is_what_the_command_prints(printed: Printed) -> None:
    text = PAGE.read_text(encoding="utf-8")

    actual = BLOCK.sub(lambda block: f"```console\n$ rictl {block[1]}\n{printed(*shlex.split(block[1]))}```", text)

    if os.environ.get("RICTL_GOLDEN") == "write":
        PAGE.write_text(actual, encoding="utf-8")
    assert len(BLOCK.findall(text)) == 1 + len(PICTURES)
    assert PAGE.read_text(encoding="utf-8") == actual


def test_every_picture_is_fresh(printed: Printed) -> None:
    folder = ROOT / "docs" / "pictures"
    actual = {f"{name}.svg": printed("forms", "show", *words, "--format", "svg") for name, words in PICTURES.items()}

    if os.environ.get("RICTL_GOLDEN") == "write":
        for name, svg in actual.items():
            (folder / name).write_text(svg, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")} == actual


def test_every_code_on_the_page_is_explained() -> None:
    codes = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE.read_text(encoding="utf-8").split("## What rictl touches")[1]))
    explained = set(re.findall(r"^### (.+)$", (ROOT / "docs" / "objections.md").read_text(encoding="utf-8"), re.MULTILINE))

    assert codes - explained == set()
