"""What a reviewer reads of a saved plan, offline: as it was, and in sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.catalog.acceptance import ACCEPTANCES
from reconciler.catalog.register import CATALOG
from reconciler.cli.explanations import explanations
from reconciler.model.exit_codes import DONE, REFUSED, USAGE
from reconciler.plan import codes
from reconciler.report.plan_document import DOCUMENT_PROBLEMS

Rictl = Callable[..., tuple[int, str, str]]


@pytest.fixture
def saved(rictl: Rictl) -> str:
    _, printed, _ = rictl("plan", "small", "--out", "plan.json")
    return printed


def without_people(printed: str) -> str:
    return re.sub(r"last written by .+ on", "last written by a person on", printed)


def test_a_saved_plan_is_shown_as_it_was_printed_but_for_the_names_of_people(rictl: Rictl, saved: str) -> None:
    code, out, err = rictl("show", "plan.json")

    assert (code, out) == (DONE, without_people(saved))
    assert out != saved
    assert re.search(r"plan\.json: sha256 [0-9a-f]{64}, made by rictl '0\.1\.0', may be applied until .* UTC, not signed", err)


def test_a_saved_plan_is_shown_in_other_formats(rictl: Rictl, saved: str, workspace: Path) -> None:
    code, out, _ = rictl("show", "plan.json", "--format", "json", "--format", "text=plan.txt")

    shown, file = json.loads(out), json.loads((workspace / "plan.json").read_text(encoding="utf-8"))
    assert (code, shown["plans"], shown["digests"]) == (DONE, file["plans"], file["digests"])
    assert (workspace / "plan.txt").read_text(encoding="utf-8") == without_people(saved)


@pytest.mark.usefixtures("saved")
def test_an_altered_plan_is_neither_shown_nor_explained(rictl: Rictl, workspace: Path) -> None:
    file = workspace / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"after": 7', '"after": 8'), encoding="utf-8")

    for command in ("show", "explain"):
        code, out, err = rictl(command, "plan.json")
        assert (code, out, "error[plan-altered]" in err) == (REFUSED, "", True)


@pytest.mark.usefixtures("saved")
def test_a_plan_is_explained_in_sentences(rictl: Rictl) -> None:
    code, out, err = rictl("explain", "plan.json")
    told = " ".join(out.split())

    assert (code, err) == (DONE, "")
    assert "Nothing was written." in told
    assert "Relationship analytics is switched on." in told
    assert "activityWeights.email: 7 (not set until now). Influence of e-mails on the health score" in told
    assert 'The widget Who knows whom appears on the form "Contoso Lead" of lead.' in told
    assert "The forms of lead are published; everybody sees them at once." in told
    assert "apply waits until the service reports Relationship analytics on, for at most 15 minutes." in told
    assert "(widget-will-not-show)" not in told


@pytest.mark.parametrize(
    "code", [*codes.OBJECTIONS, *codes.PROBLEMS, *codes.NOTICES, *codes.TASKS, *DOCUMENT_PROBLEMS, "denied", "plan-is-stale"]
)
def test_every_code_is_explained_offline(code: str) -> None:
    assert "What to do:" in explanations()[code]


def test_names_of_the_catalogue_are_explained(rictl: Rictl) -> None:
    names = [name for kind in CATALOG.kinds for name in (kind.name, kind.title, kind.section[-1])]
    names += [f"{kind.section[-1]}.{field.name}" for kind in CATALOG.kinds for field in kind.fields]
    names += [widget.name for widget in CATALOG.widgets] + [acceptance.name for acceptance in ACCEPTANCES]

    for name in names:
        code, out, _ = rictl("explain", name)
        assert (code, len(out) > 60) == (DONE, True), name


def test_a_setting_says_what_it_takes_and_where_it_lives(rictl: Rictl) -> None:
    _, out, _ = rictl("explain", "relationshipAnalytics.activityWeights.email")

    assert out.splitlines()[0] == "  activityWeights.email: a whole number from 3 to 9"
    assert "msdyn_activityanalysisconfig.msdyn_emailweight, inferred, written under accept:" in out


@pytest.mark.parametrize(
    ("word", "said"), [("consent-not-givn", "Did you mean consent-not-given"), ("\x1b[2J", "no plan file, code or name")]
)
def test_an_unknown_word_is_answered_with_the_nearest(rictl: Rictl, word: str, said: str) -> None:
    code, out, err = rictl("explain", word)

    assert (code, out, said in err, "\x1b" in err) == (USAGE, "", True, False)
