"""`rictl undo`: everything is as it was before the run, nothing of others is lost, and nothing is opened that no plan may open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.exit_codes import DONE, FAILED, REFUSED, USAGE

Rictl = Callable[..., tuple[int, str, str]]
JOURNAL = Path(".rictl/journal/small.jsonl")
TABLES = ("msdyn_activityanalysisconfig", "msdyn_wkwconfig", "msdyn_odosmetadata")
VOLATILE = ("@odata.etag", "modifiedon", "_modifiedby_value", "versionnumber", "msdyn_currentstatus")
"""What every write moves, and what only the service writes: it remembers that a feature was on."""
WEIGHT = "relationship_analytics.activityWeights.email"


def applied(rictl: Rictl) -> str:
    """The id of a run."""
    code, out, err = rictl("apply", "--auto-approve")
    assert code == DONE, out + err
    found = re.search(r"Recorded as run (\S+)\.", err)
    assert found is not None
    return found[1]


def asked(rictl: Rictl, address: str) -> Any:
    code, out, err = rictl("emulator", "request", "small", "get", address)
    assert code == DONE, err
    return json.loads(out[out.index("{") :])["value"]


def everything(rictl: Rictl) -> object:
    """Every settings row and every form of the organization, without what each write moves."""
    columns = "formid,name,formxml"
    rows = {table: asked(rictl, f"{table}s") for table in TABLES}
    kept = {t: [{c: v for c, v in row.items() if c not in VOLATILE} for row in found] for t, found in rows.items()}
    forms = asked(rictl, f"systemforms?$select={columns}")
    return kept, {row["formid"]: row["formxml"] for row in forms}


def somebody_sets(rictl: Rictl, **columns: object) -> None:
    (row,) = asked(rictl, f"{TABLES[0]}s")
    address = f"{TABLES[0]}s({row[f'{TABLES[0]}id']})"
    code, out, err = rictl("emulator", "request", "small", "patch", address, "--data", json.dumps(columns))
    assert code == DONE, out + err


def form_row(rictl: Rictl) -> tuple[str, str]:
    (row,) = asked(rictl, "systemforms?$select=formid,formxml&$filter=name eq 'Contoso Lead'")
    return row["formid"], row["formxml"]


def somebody_edits_the_form(rictl: Rictl) -> None:
    form_id, xml = form_row(rictl)
    edited = xml.replace('name="Address"', 'name="Address2"', 1)
    assert edited != xml
    for words in (
        ["patch", f"systemforms({form_id})", "--data", json.dumps({"formxml": edited})],
        ["post", "PublishXml", "--data", json.dumps({"ParameterXml": PUBLISH})],
    ):
        code, out, err = rictl("emulator", "request", "small", *words)
        assert code == DONE, out + err


PUBLISH = "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"


def test_everything_is_as_it_was_before_the_run(rictl: Rictl) -> None:
    before = everything(rictl)
    run = applied(rictl)
    assert everything(rictl) != before

    code, out, err = rictl("undo", run[:14], "--auto-approve")

    assert code == DONE, out + err
    assert everything(rictl) == before
    assert "wait until relationship_analytics is off" in out
    assert "The files still ask for what was undone: the next plan shows it again" in err
    assert rictl("plan", "--detailed-exitcode")[0] == 2
    assert f"undoes {run}" in rictl("history")[1]


def test_an_undoing_can_be_undone(rictl: Rictl) -> None:
    run = applied(rictl)
    after = everything(rictl)
    rictl("undo", run, "--auto-approve")
    undoing = rictl("history")[1].split()[0]

    code, out, err = rictl("undo", undoing, "--auto-approve")

    assert code == DONE, out + err
    assert everything(rictl) == after
    assert rictl("plan", "--detailed-exitcode")[0] == DONE


def test_a_run_that_is_undone_already_leaves_nothing_to_do(rictl: Rictl) -> None:
    run = applied(rictl)
    rictl("undo", run, "--auto-approve")

    code, out, _ = rictl("undo", run, "--auto-approve")

    assert code == DONE
    assert "write" not in out
    assert len(rictl("history")[1].splitlines()) == 2


def test_a_saved_undoing_is_applied_as_it_was_reviewed_and_only_once(rictl: Rictl) -> None:
    before = everything(rictl)
    run = applied(rictl)

    code, out, err = rictl("undo", run, "--out", "undo.json")
    assert (code, "7 -> not set" in out) == (DONE, True), out + err
    assert json.loads(Path("undo.json").read_text())["plans"][0]["undoes"] == {"run": run, "overwrites": []}
    code, out, err = rictl("apply", "undo.json")

    assert code == DONE, out + err
    assert everything(rictl) == before
    assert rictl("apply", "undo.json")[0] == REFUSED


def test_a_saved_undoing_without_its_journal_writes_nothing(rictl: Rictl) -> None:
    run = applied(rictl)
    rictl("undo", run, "--out", "undo.json")
    after = everything(rictl)

    code, _, err = rictl("apply", "undo.json", "--journal", "elsewhere")

    assert (code, "error[no-such-run]" in err) == (FAILED, True)
    assert everything(rictl) == after


def test_what_somebody_changed_since_stays_and_is_told(rictl: Rictl) -> None:
    run = applied(rictl)
    somebody_sets(rictl, msdyn_emailweight=9)

    code, out, err = rictl("undo", run, "--auto-approve")

    assert code == DONE, out + err
    told = " ".join(out.split())
    assert f"{WEIGHT} was changed since the run: it wrote 7, there is 9, so it stays. To set it back: --overwrite {WEIGHT}" in told
    (row,) = asked(rictl, f"{TABLES[0]}s")
    assert (row["msdyn_emailweight"], row["msdyn_isorgsettingenable"]) == (9, False)


def test_what_somebody_changed_since_is_set_back_by_name(rictl: Rictl) -> None:
    before = everything(rictl)
    run = applied(rictl)
    somebody_sets(rictl, msdyn_emailweight=9)

    code, out, err = rictl("undo", run, "--overwrite", WEIGHT, "--out", "undo.json")
    assert (code, "It is set back all the same" in " ".join(out.split())) == (DONE, True), out + err
    assert rictl("apply", "undo.json")[0] == DONE

    assert everything(rictl) == before


def test_what_was_emptied_since_is_a_change_of_somebody_too(rictl: Rictl, workspace: Path) -> None:
    applied(rictl)
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("email: 7", "email: 8"), encoding="utf-8")
    run = applied(rictl)
    somebody_sets(rictl, msdyn_emailweight=None)

    code, out, _ = rictl("undo", run, "--auto-approve")

    assert (code, "there is not set, so it stays" in " ".join(out.split())) == (DONE, True)


def test_a_form_that_somebody_edited_since_keeps_their_edit_and_loses_only_the_widget(rictl: Rictl) -> None:
    _, original = form_row(rictl)
    run = applied(rictl)
    somebody_edits_the_form(rictl)

    code, out, err = rictl("undo", run, "--auto-approve")

    assert code == DONE, out + err
    assert "was changed since the run: only the widgets are put back, the rest stays" in " ".join(out.split())
    assert form_row(rictl)[1] == original.replace('name="Address"', 'name="Address2"', 1)


def test_a_widget_that_a_run_removed_comes_back_on_a_form_that_somebody_edited(rictl: Rictl, workspace: Path) -> None:
    applied(rictl)
    path = workspace / "environments" / "small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("widgets:\n      - widget: who-knows-whom", "widgets: []"), encoding="utf-8")
    run = applied(rictl)
    assert "ri_who_knows_whom" not in form_row(rictl)[1]
    somebody_edits_the_form(rictl)

    code, out, err = rictl("undo", run, "--auto-approve")

    assert code == DONE, out + err
    assert 'name="ri_who_knows_whom"' in form_row(rictl)[1]
    assert 'name="Address2"' in form_row(rictl)[1]


def test_a_damaged_journal_is_no_ground_for_an_undoing(rictl: Rictl) -> None:
    run = applied(rictl)
    after = everything(rictl)
    content = JOURNAL.read_bytes()
    JOURNAL.write_bytes(content.replace(b'"converged"', b'"nonverged"'))

    code, out, err = rictl("undo", run, "--auto-approve")

    assert (code, out) == (REFUSED, "")
    assert re.search(r"error\[journal-damaged\]: .*small\.jsonl:\d+: it is not the line that was written", err)
    assert "Nothing was written." in err
    assert everything(rictl) == after


def test_a_run_of_another_organization_is_not_undone_here(rictl: Rictl, workspace: Path) -> None:
    run = applied(rictl)
    scenarios = workspace / "environments" / "_emulator"
    (scenarios / "other.yaml").write_text((scenarios / "small.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("emulator: small", "emulator: other"), encoding="utf-8")

    code, out, _ = rictl("undo", run, "--auto-approve")

    assert (code, "journal-of-another-organization" in out) == (REFUSED, True)


def test_only_the_steps_that_may_have_had_an_effect_are_undone(rictl: Rictl) -> None:
    before = everything(rictl)
    code, _, err = rictl(
        "emulator", "fault", "small", "--effect", "conflict", "--reason", "version", "--path", "systemforms*", "--method", "PATCH"
    )
    assert code == DONE, err
    assert rictl("apply", "--auto-approve")[0] != DONE
    run = rictl("history")[1].split()[0]

    code, out, err = rictl("undo", run, "--auto-approve")

    assert code == DONE, out + err
    assert 'write the form "Contoso Lead"' not in out
    assert everything(rictl) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--auto-approve", "--overwrite", "forecast.enabled"], USAGE, "did not write forecast.enabled; it wrote relationship_analytics"),
        (["big", "--auto-approve"], FAILED, "did not reach 'big'; it reached small"),
        ([], USAGE, "there is nobody to ask here"),
    ],
)
def test_what_cannot_be_undone_is_said(rictl: Rictl, words: list[str], code: int, said: str) -> None:
    run = applied(rictl)

    got, _, err = rictl("undo", run, *words)

    assert (got, said in err) == (code, True), err


def test_a_run_that_there_is_not_is_not_undone(rictl: Rictl) -> None:
    code, _, err = rictl("undo", "1999", "--auto-approve")

    assert (code, "error[no-such-run]: no run in" in err) == (FAILED, True)
