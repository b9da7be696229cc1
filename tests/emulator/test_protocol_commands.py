from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from reconciler.cli.app import run

Result = tuple[int, str, str]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "environments" / "_emulator").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Result:
    code = run(["emulator", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_clock_of_the_workspace_is_printed_and_moved(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "clock", "--set", "2030-01-01T00:00:00Z")[1].startswith("2030-01-01T00:00:0")
    code, out, _ = call(capsys, "clock", "--advance", "14d")

    assert code == 0
    assert out.startswith("2030-01-15T00:00:")
    assert (workspace / ".rictl" / "emulator.sqlite").exists()


def test_the_clock_does_not_go_back_behind_the_first_organization(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "clock", "--set", "2030-01-01T00:00:00Z")[0] == 0
    assert call(capsys, "request", "demo", "GET", "WhoAmI")[0] == 0
    assert call(capsys, "clock", "--advance", "14d")[0] == 0

    code, _, err = call(capsys, "clock", "--set", "2020-01-01")
    assert code == 64
    assert "2020-01-01T00:00:00Z is before the first organization was made (2030-01-01T00:00:" in err
    assert call(capsys, "clock")[1].startswith("2030-01-15T")
    assert call(capsys, "clock", "--set", "2030-01-02")[0] == 0


def test_an_organization_without_a_scenario_is_not_there_when_others_have_one(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "environments" / "_emulator" / "contoso-test.yaml").write_text("friendlyName: Contoso\n")

    code, out, _ = call(capsys, "request", "contoso-tset", "GET", "WhoAmI")
    assert (code, out.splitlines()[0]) == (1, "404 Not Found")
    assert "The embedded Dataverse has no organization 'contoso-tset'. Did you mean 'contoso-test'?" in out
    assert "There are: contoso-test." in call(capsys, "request", "zzz", "GET", "WhoAmI")[1]
    assert call(capsys, "consent", "zzz", "granted")[0] == 1
    assert call(capsys, "request", "contoso-test", "GET", "WhoAmI")[0] == 0


def test_the_help_of_the_consent_says_what_each_state_does(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = call(capsys, "consent", "--help")[1]

    assert [state for state in ("granted ", "pending ", "withdrawn ") if f"\n    {state}" not in text] == []


@pytest.mark.parametrize(
    "words", [("--advance", "2 weeks"), ("--set", "noon"), ("--advance", "1d", "--set", "2030-01-01"), ("--state", "environments")]
)
def test_wrong_usage_of_the_clock_is_said(workspace: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert call(capsys, "clock", *words)[0] == 64


def test_a_file_that_is_no_state_is_refused(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "notes.txt").write_text("not a database, and long enough to be looked at as one" * 20)
    for words in (("clock",), ("request", "demo", "GET", "WhoAmI")):
        code, _, err = call(capsys, *words, "--state", "notes.txt")

        assert code == 1
        assert "error[cannot-use-file]: notes.txt: is not a state file of the embedded Dataverse" in err


def test_a_request_is_sent_as_another_administrator(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "body.json").write_text('{"name": "Mine \\u202e[31m"}')
    code, out, _ = call(capsys, "request", "demo", "post", "accounts", "--data", "@body.json")
    assert (code, out) == (0, "204 No Content\n")

    code, out, _ = call(capsys, "request", "demo", "GET", "accounts?$select=name&$expand=createdby($select=fullname)")
    assert code == 0
    assert out.startswith("200 OK\n")
    (row,) = json.loads(out.partition("\n")[2])["value"]
    assert (row["name"], row["createdby"]["fullname"]) == ("Mine \u202e[31m", "Ana Pop")
    assert "\u202e" not in out


def test_a_refused_request_fails_the_command(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "request", "demo", "GET", "nope", "--as", "rictl")

    assert code == 1
    assert out.startswith("404 Not Found\n")
    assert call(capsys, "request", "demo", "POST", "accounts", "--data", "@missing.json")[0] == 64
    assert call(capsys, "request", "demo", "PATCH", "accounts", "--data", "{}")[0] == 1
    assert "edmx" in call(capsys, "request", "demo", "GET", "$metadata")[1]


def test_the_consent_is_given_from_outside(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "consent", "demo", "granted")

    assert code == 0
    assert '"state": "granted"' in out


def test_serving_says_where_and_ends_on_interrupt(workspace: Path) -> None:
    words = [sys.executable, "-m", "reconciler", "emulator", "serve", "--organization", "one", "--organization", "two", "--token", "T"]
    with subprocess.Popen(words, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "clock and more" not in said:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            said += line
        root = re.search(r"one +(http://127\.0\.0\.1:\d+)/one/api/data/v9\.2/", said)
        assert root is not None
        for path in ("/two/api/data/v9.2/WhoAmI", "/api/data/v9.2/WhoAmI"):
            request = urllib.request.Request(root[1] + path, headers={"Authorization": "Bearer T"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert "UserId" in json.load(answer)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert (process.returncode, out, err) == (0, "", "stopped\n")


def test_a_port_that_is_taken_is_said(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = call(capsys, "serve", "--port", str(taken.getsockname()[1]))

    assert code == 1
    assert "error[cannot-listen]" in err


def test_serve_tells_a_damaged_state_file_from_a_taken_port(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "junk").write_text("this is no database at all", encoding="utf-8")

    code, _, err = call(capsys, "serve", "--state", "junk")

    assert code == 1
    assert "error[cannot-use-file]: junk: is not a state file" in err
