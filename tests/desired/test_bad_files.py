"""Every file in `bad/` is wrong in the way that its name says, and the text beside it is what rictl says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.report.diagnostics import diagnostics_text
from tests.desired.loading import loaded

BAD = Path(__file__).parent / "bad"
FILES = sorted([*BAD.glob("*.yaml"), BAD / "environments" / "_base" / "environment-among-baselines.yaml"])


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_bad_file_is_explained_as_written_down(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)

    found = loaded(path, root=BAD)

    assert (BAD / f"{path.stem}.txt").read_text(encoding="utf-8") == diagnostics_text(found.diagnostics) + "\n"


def test_every_expectation_belongs_to_a_file() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in BAD.glob("*.txt")}


def test_no_secret_is_repeated() -> None:
    texts = [path.read_text(encoding="utf-8") for path in BAD.glob("*.txt")]

    assert [text for text in texts if "hunter2" in text or "me:secret" in text] == []
