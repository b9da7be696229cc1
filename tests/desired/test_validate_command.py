"""`rictl validate` and `rictl schema`, as they are called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler.cli.app import run
from reconciler.cli.generate import generate
from reconciler.cli.schemas import schema_text
from reconciler.cli.workspace import find_workspace, select
from tests.desired.loading import HEAD, write, write_baseline

HEAVY = ("httpx", "msal", "starlette", "uvicorn", "deepdiff", "jsonschema", "cryptography", "asyncio")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "good")
    write_baseline(tmp_path, "shared", "")
    return tmp_path


def test_sound_files_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "better", "extends: [shared]\n")

    assert (run(["validate"]), capsys.readouterr().out) == (0, "2 environments and 1 baseline are valid.\n")


def test_a_warning_is_printed_and_does_not_fail(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "old.yml").write_text("a: b\n", encoding="utf-8")
    write(root, "good", HEAD.format(name="good").replace("name: good", "name: fine"), head=False)

    code = run(["validate", "environments"])

    out = capsys.readouterr().out
    assert (code, out.splitlines()[-1]) == (0, "1 environment and 1 baseline are valid (2 warnings).")
    assert "warning[wrong-ending]: `old.yml` is not read" in out


def test_unreferenced_baselines_are_checked_and_errors_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_baseline(root, "shared", "nonsense: 1\nmore: 2\n")
    write_baseline(root, "other", "").write_text("a", encoding="utf-8")

    code = run(["validate"])

    assert (code, capsys.readouterr().out.splitlines()[-1]) == (1, "3 errors in 2 files.")


def test_one_file_is_checked_with_the_baselines_that_it_extends(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "good", "extends: [shared]\n")
    write_baseline(root, "broken", "nonsense: 1\n")

    assert (run(["validate", "environments/good.yaml"]), capsys.readouterr().out) == (0, "1 environment is valid.\n")


def test_json_carries_places_and_hints(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "good", "serviceGeneration: autoo\n")

    code = run(["validate", "good", "--format", "json"])

    document = json.loads(capsys.readouterr().out)
    (said,) = document["diagnostics"]
    assert (code, document["valid"], document["files"]) == (1, False, ["environments/good.yaml"])
    assert said == {
        "code": "unknown-value",
        "summary": "`autoo` is no value of `serviceGeneration`",
        "where": {"file": "environments/good.yaml", "line": 5, "column": 20, "end_column": 25},
        "hint": "did you mean `auto`?",
        "source_line": "serviceGeneration: autoo",
        "severity": "error",
    }


def test_a_folder_without_files_and_an_unknown_name_are_errors(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "empty").mkdir()

    code = run(["validate", "empty", "goood"])

    out = capsys.readouterr().out
    assert (code, out.count("error["), out.splitlines()[-1]) == (1, 2, "2 errors.")
    assert "error[no-environments]" in out
    assert "error[unknown-environment]: there is no environment `goood`\n  hint: did you mean `good`?" in out


def test_without_a_workspace_it_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    assert (run(["validate"]), "no folder `environments`" in capsys.readouterr().err) == (64, True)
    with pytest.raises(click.UsageError):
        find_workspace(tmp_path)


def test_validating_imports_nothing_heavy_and_stays_offline(root: Path) -> None:
    program = (
        "import sys; from reconciler.cli.app import run; code = run(['validate'])\n"
        f"print(code, sorted(name for name in {HEAVY!r} if name in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "0 []"


def test_names_files_and_declared_names_are_found_from_below(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = write(root, "file", HEAD.format(name="declared"), head=False)
    below = root / "environments" / "_base"
    monkeypatch.chdir(below)
    workspace = find_workspace(below)

    paths, found = select(workspace, ["declared", "good", "good", "../good.yaml"])

    assert ((workspace.root, workspace.working), found) == ((root, root / ".rictl"), ())
    assert [path.resolve() for path in paths] == [renamed, root / "environments" / "good.yaml", root / "environments" / "good.yaml"]


def test_everything_is_selected_without_names_but_what_begins_with_an_underscore(root: Path) -> None:
    (root / "environments" / "_draft.yaml").write_text("a: b\n", encoding="utf-8")

    assert select(find_workspace(root), ()) == ([root / "environments" / "good.yaml"], ())


def test_an_empty_selection_is_an_error(root: Path) -> None:
    (root / "environments" / "good.yaml").unlink()

    paths, found = select(find_workspace(root), ())

    assert (paths, [diagnostic.code for diagnostic in found]) == ([], ["no-environments"])
    assert [d.hint for d in select(find_workspace(root), ["x"])[1]] == ["there are no environments yet"]


def test_the_schema_is_printed_as_it_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert (run(["schema", "baseline"]), capsys.readouterr().out) == (0, schema_text("baseline"))


def test_stale_schemas_are_named_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert generate.main(["--check"], standalone_mode=False) == 1
    assert "schemas/plan.schema.json is stale" in capsys.readouterr().err
    assert generate.main([], standalone_mode=False) == 0
    assert generate.main(["--check"], standalone_mode=False) == 0


def test_a_file_that_is_no_yaml_is_no_environment(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "plan.json").write_text("{}", encoding="utf-8")

    code = run(["validate", "plan.json"])

    assert (code, "error[not-an-environment]: `plan.json` is no environment file" in capsys.readouterr().out) == (1, True)
