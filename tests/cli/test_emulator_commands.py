"""Faults, snapshots and resets by command: they work on the state file, so they concern `rictl` itself and every server on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Rictl = Callable[..., tuple[int, str, str]]
WEIGHTS = "msdyn_activityanalysisconfigs?$select=msdyn_emailweight"


def weight(rictl: Rictl) -> int | None:
    _, told, _ = rictl("emulator", "request", "small", "GET", WEIGHTS)
    found: int | None = json.loads(told.partition("\n")[2])["value"][0]["msdyn_emailweight"]
    return found


def set_weight(rictl: Rictl, value: int) -> None:
    _, told, _ = rictl("emulator", "request", "small", "GET", WEIGHTS)
    row = json.loads(told.partition("\n")[2])["value"][0]["msdyn_activityanalysisconfigid"]
    data = json.dumps({"msdyn_emailweight": value})
    assert rictl("emulator", "request", "small", "PATCH", f"msdyn_activityanalysisconfigs({row})", "--data", data)[0] == 0


def without_ids(told: str) -> list[str]:
    return [line.partition("  ")[2] for line in told.splitlines()]


def test_a_lost_answer_to_an_apply_converges_when_it_is_run_again(rictl: Rictl) -> None:
    code, told, _ = rictl("emulator", "fault", "small", "--method", "PATCH", "--path", "msdyn_*", "--effect", "drop-after", "--count", "1")
    assert (code, without_ids(told)) == (0, ["drop-after: small, PATCH msdyn_* (1 to come)"])

    assert rictl("apply", "small", "--auto-approve")[0] == 4
    assert rictl("emulator", "fault", "--list")[1] == ""
    assert rictl("apply", "small", "--auto-approve")[0] == 0
    assert rictl("plan", "small", "--detailed-exitcode")[0] == 0
    assert weight(rictl) == 7


def test_a_plan_survives_what_passes_by_itself(rictl: Rictl) -> None:
    rictl("emulator", "fault", "small", "--effect", "throttle", "--retry-after", "0", "--outer")
    rictl("emulator", "fault", "small", "--effect", "status", "--status", "503", "--retry-after", "0", "--path", "$batch")
    rictl("emulator", "fault", "small", "--effect", "status", "--retry-after", "0", "--part")
    rictl("emulator", "fault", "small", "--effect", "token-expired", "--nth", "2")

    code, told, _ = rictl("plan", "small")
    assert code == 0
    assert "enabled  off -> on  msdyn_isorgsettingenable" in told
    assert rictl("emulator", "fault", "--list")[1] == ""


def test_faults_are_listed_in_words_and_cleared(rictl: Rictl) -> None:
    rictl("emulator", "fault", "--effect", "delay", "--seconds", "2.5", "--every")
    rictl("emulator", "fault", "--entra", "--effect", "status", "--retry-after", "3", "--nth", "2")
    rictl("emulator", "fault", "small", "--part", "--effect", "conflict", "--reason", "key", "--count", "2")
    rictl("emulator", "fault", "--outer", "--effect", "throttle", "--path", "\x1b[31m")

    assert without_ids(rictl("emulator", "fault", "--list")[1]) == [
        "delay 2.5 s: every organization, any method * (every time)",
        "status 503 retry after 3 s: Entra ID, any method * (1 to come, after 1)",
        "conflict key: small, parts of batches, any method * (2 to come)",
        "throttle requests retry after 5 s: every organization, whole requests, any method \\x1b[31m (1 to come)",
    ]
    assert rictl("emulator", "fault", "--clear")[1] == "cleared: 4\n"
    assert rictl("emulator", "fault", "--list")[1] == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fault"], "say what happens with --effect"),
        (["fault", "small", "--list"], "--list and --clear stand alone"),
        (["fault", "--list", "--clear"], "--list and --clear stand alone"),
        (["fault", "--effect", "reset", "--every", "--count", "2"], "--every and --count exclude each other"),
        (["fault", "--effect", "delay"], "delay needs seconds"),
        (["fault", "--effect", "boom"], "one of delay, drop-before"),
        (["fault", "smal", "--effect", "reset"], "has no organization 'smal'. Did you mean 'small'?"),
        (["fault", "--effect", "throttle", "--no-retry-after", "--retry-after", "3"], "not together with retry_after"),
        (["snapshot", "--organization", "small"], "--organization needs the NAME"),
        (["snapshot", "first"], "nothing is stored of any organization yet"),
        (["restore", "first"], "there is no snapshot 'first'; there are: none"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said(rictl: Rictl, words: list[str], said: str) -> None:
    code, _, err = rictl("emulator", *words)

    assert (code, said in err) == (64, True), err


def test_there_is_an_end_to_faults(rictl: Rictl) -> None:
    for _ in range(100):
        rictl("emulator", "fault", "--effect", "reset")

    assert "there are 100 faults already; clear them first" in rictl("emulator", "fault", "--effect", "reset")[2]


@pytest.mark.parametrize("effect", ["drop-before", "truncate", "reset"])
def test_a_request_without_an_answer_says_so(rictl: Rictl, effect: str) -> None:
    rictl("emulator", "fault", "small", "--effect", effect)
    code, _, err = rictl("emulator", "request", "small", "GET", "WhoAmI")

    assert code == 1
    assert err.startswith("Error: no answer, or only a part of one: ")
    assert "rictl emulator fault --list" in err


def test_a_snapshot_brings_back_what_was_there(rictl: Rictl) -> None:
    set_weight(rictl, 3)
    assert rictl("emulator", "snapshot", "before")[1] == "before: small\n"
    set_weight(rictl, 9)
    assert rictl("emulator", "restore", "before")[1] == "restored: small\n"

    assert weight(rictl) == 3
    assert rictl("emulator", "snapshot")[1] == "before: small\n"


def test_a_reset_finds_the_scenario_again_and_leaves_the_snapshots(rictl: Rictl) -> None:
    assert rictl("emulator", "reset")[1] == "reset: nothing was stored\n"
    assert weight(rictl) is None
    set_weight(rictl, 4)
    rictl("emulator", "snapshot", "changed", "--organization", "small")

    assert rictl("emulator", "reset", "small")[1] == "reset: small\n"
    assert weight(rictl) is None
    assert rictl("emulator", "restore", "changed", "--organization", "small")[1] == "restored: small\n"
    assert weight(rictl) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("licence: \x07", "broken.yaml: is not valid YAML"),
        ("limits: {requests: 0}", "broken.yaml: limits.requests: Input should be greater than or equal to 1"),
        ("publishing: {seconds: soon}", "broken.yaml: publishing.seconds: Input should be a valid number"),
    ],
)
def test_serve_refuses_a_scenario_that_cannot_be_used(rictl: Rictl, workspace: Path, text: str, said: str) -> None:
    (workspace / "environments" / "_emulator" / "broken.yaml").write_text(text, encoding="utf-8")
    code, out, err = rictl("emulator", "serve")

    assert (code, out) == (1, "")
    assert err.startswith("error[cannot-use-scenario]: ")
    assert said in err
    assert "\x07" not in err
