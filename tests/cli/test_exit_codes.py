"""Every exit code, each reached as a user meets it, with the words that say the same; and the same inputs give the same bytes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.model import exit_codes
from reconciler.report.formats.book import names_for

Rictl = Callable[..., tuple[int, str, str]]
PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"
FILE = Path("environments") / "small.yaml"
SCENARIO = Path("environments") / "_emulator" / "small.yaml"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def nothing(_rictl: Rictl) -> None:
    """As the workspace comes."""


def applied(rictl: Rictl) -> None:
    assert rictl("apply", "--auto-approve")[0] == 0


def mistaken(_rictl: Rictl) -> None:
    replaced(FILE, "enabled: true", "enabeld: true")


def unknown_form(_rictl: Rictl) -> None:
    replaced(FILE, "form: Contoso Lead", "form: Contoso Leed")


def unreachable(_rictl: Rictl) -> None:
    replaced(FILE, "{emulator: small}", "{url: 'https://nobody.invalid'}")


def unaccepted(_rictl: Rictl) -> None:
    replaced(FILE, "inferred-options-table, ", "")


def stale(rictl: Rictl) -> None:
    assert rictl("plan", "--out", "plan.bin")[0] == 0
    replaced(FILE, "email: 7", "email: 8")


def altered(rictl: Rictl) -> None:
    assert rictl("plan", "--out", "plan.bin")[0] == 0
    replaced(Path("plan.bin"), '"Small"', '"Large"')


def used(rictl: Rictl) -> None:
    assert rictl("plan", "--out", "plan.bin")[0] == 0
    assert rictl("apply", "plan.bin")[0] == 0


def half_way(rictl: Rictl) -> None:
    replaced(SCENARIO, "seconds: 0.1", "outcome: fails")


CASES = (
    ("validate a sound file", 0, nothing, ["validate"], "is valid."),
    ("plan with changes", 0, nothing, ["plan"], "Plan: 1 of 1 environment changes"),
    ("plan without changes", 0, applied, ["plan", "--detailed-exitcode"], "Plan: no changes in 1 environment."),
    ("apply", 0, nothing, ["apply", "--auto-approve"], "Apply: 1 of 1 environment converged."),
    ("validate a mistake", 1, mistaken, ["validate"], "error[unknown-key]"),
    ("plan a mistake", 1, mistaken, ["plan"], "error[unknown-key]"),
    ("plan a form that is not there", 1, unknown_form, ["plan"], "1 incomplete"),
    ("apply to a form that is not there", 1, unknown_form, ["apply", "--auto-approve"], "Nothing was written anywhere"),
    ("plan what cannot be reached", 1, unreachable, ["plan", "--allow-host", "nobody.invalid"], "error["),
    ("plan of changes, asked for in detail", 2, nothing, ["plan", "--detailed-exitcode"], "Plan: 1 of 1 environment changes"),
    ("plan what nobody accepted", 3, unaccepted, ["plan"], "1 refused"),
    ("apply what nobody accepted", 3, unaccepted, ["apply", "--auto-approve"], "Nothing was written anywhere"),
    ("apply a stale plan", 3, stale, ["apply", "plan.bin"], "error[plan-is-stale]"),
    ("apply an altered plan", 3, altered, ["apply", "plan.bin"], "error[plan-altered]"),
    ("show an altered plan", 3, altered, ["show", "plan.bin"], "error[plan-altered]"),
    ("apply a plan again", 3, used, ["apply", "plan.bin"], "error[plan-is-stale]"),
    ("apply what fails on the way", 4, half_way, ["apply", "--auto-approve"], "Apply: 0 of 1 environment converged"),
    ("an option that there is not", 64, nothing, ["plan", "--colour"], "No such option"),
    ("apply with nobody to ask", 64, nothing, ["apply"], "there is nobody to ask here"),
)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(("expected", "prepare", "words", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_exit_code_is_what_the_text_says(
    rictl: Rictl, expected: int, prepare: Callable[[Rictl], None], words: list[str], said: str
) -> None:
    prepare(rictl)

    code, out, err = rictl(*words)

    assert (code, said in out + err) == (expected, True), out + err
    if words[0] == "plan" and out:
        assert (" 1 refused" in out, " 1 incomplete" in out) == (code == exit_codes.REFUSED, code == exit_codes.FAILED)
    assert "Traceback" not in out + err


def test_an_interrupted_apply_says_so_and_exits_5(workspace: Path) -> None:
    replaced(workspace / SCENARIO, "seconds: 0.1", "outcome: never")
    words = [sys.executable, "-m", "reconciler", "apply", "--auto-approve"]
    process = subprocess.Popen(words, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "waiting for" in line:
            process.send_signal(signal.SIGINT)
            break
    out, _ = process.communicate(timeout=60)

    assert (process.returncode, out.splitlines()[-1].endswith("1 interrupted.")) == (exit_codes.INTERRUPTED, True), out


def test_every_code_of_the_page_is_reached_here() -> None:
    documented = [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)]
    named = sorted(value for name, value in vars(exit_codes).items() if name.isupper())

    assert documented == named
    assert {case[1] for case in CASES} | {exit_codes.INTERRUPTED} == set(documented)


def test_two_runs_with_the_same_inputs_differ_in_nothing_but_moments_and_ports(rictl: Rictl, workspace: Path) -> None:
    names = names_for("plan")
    # The first run asks for what later ones remember, and counts its requests.
    assert rictl("plan")[0] == 0
    for run in ("one", "two"):
        words = [word for name in names for word in ("--format", f"{name}={run}.{name}")]
        assert rictl("plan", *words)[0] == 0

    for name in names:
        one, two = ((workspace / f"{run}.{name}").read_text(encoding="utf-8") for run in ("one", "two"))
        assert without_moments(one) == without_moments(two), name


def test_a_saved_plan_is_the_same_bytes_every_time_it_is_shown(rictl: Rictl, workspace: Path) -> None:
    assert rictl("plan", "--out", "plan.bin")[0] == 0
    names = names_for("plan")
    for run in ("one", "two"):
        assert rictl("show", "plan.bin", *(word for name in names for word in ("--format", f"{name}={run}.{name}")))[0] == 0

    for name in names:
        assert (workspace / f"one.{name}").read_bytes() == (workspace / f"two.{name}").read_bytes()


def without_moments(text: str) -> str:
    """Without what may differ: when it was read and made, what is computed from that, and the port of the embedded Dataverse."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|\d{1,2} \w+ \d{4}, \d\d:\d\d", "MOMENT", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "PORT", text)
    return re.sub(r'"(seal|sha256)": "\w+"', "DIGEST", text)
