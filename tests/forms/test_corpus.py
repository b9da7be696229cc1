"""The corpus run, on the project's own forms and on a sample of real ones where they lie beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus import main, travel
from tests.forms.samples import COMPACT, PRETTY, foreign_cell, form, section, tab

ROOT = Path(__file__).resolve().parents[2]
REAL = sorted((ROOT.parent / "shared" / "data" / "forms").glob("*.xml"))
LARGEST = 25_000
EVERY = 12


def test_the_forms_of_the_tests_go_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = [COMPACT, PRETTY, form(tab("A", section("s", foreign_cell()))), form(after=""), form(tab("none")), b"<form>"]
    for number, xml in enumerate(samples):
        (tmp_path / f"{number}.xml").write_bytes(xml)

    code = main([str(tmp_path)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[:-1] == [
        "refused 1 times: column-out-of-range",
        "refused 1 times: form-unreadable",
        "refused 1 times: tab-not-found",
    ]
    assert lines[-1].startswith("6 forms, ")
    assert " 3 refusals, 0 failures, " in lines[-1]


def test_the_forms_of_the_embedded_dataverse_go_there_and_back() -> None:
    done = travel(sorted((ROOT / "reconciler" / "emulator" / "forms").glob("*.xml"))[::2])

    assert done.forms > 0
    assert (done.failures, done.refusals.total()) == (0, 0)


def test_a_sample_of_real_forms_goes_there_and_back() -> None:
    done = travel([path for path in REAL if path.stat().st_size < LARGEST][::EVERY])

    assert done.failures == 0


def test_a_failure_is_told_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "prefix.xml").write_bytes(b"<form><undeclared:name /></form>")

    assert main([str(tmp_path)]) == 1
    assert "prefix.xml: Broken: not well-formed" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no such folder"], ["a", "b"]])
def test_it_asks_for_a_folder(words: list[str]) -> None:
    assert main(words) == 2
