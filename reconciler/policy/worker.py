"""Evaluates rules in a process of its own, which is given a bounded time. Starts that process; in it: reads stdin, writes stdout.

A rule comes from the pull request that is being planned. The runtime bounds depth and iterations, not the size of the values that an
expression builds, and it is native code: what it does to its process must not happen to the one that holds the credentials.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reconciler.model.policy import Rule, Ruling
from reconciler.model.source import SourceSpan
from reconciler.policy.evaluate import prepared, ruling

SECONDS = 20
"""For all rules and plans of one run together; a usual run takes a tenth of one."""

MEMORY = 1 << 30
"""Bytes of address space, where the system can bound it."""

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from reconciler.policy.worker import serve; serve()"


def rulings(rules: Sequence[Rule], plans: Sequence[Mapping[str, Any]], *, seconds: float = SECONDS) -> tuple[tuple[Ruling, ...], ...]:
    """For each set of variables the rulings of all rules, in order. Never raises: a rule without an answer has an error instead."""
    if not rules or not plans:
        return tuple(() for _ in plans)
    answered = [Ruling(rule, *answer) for answer, rule in zip(_answers(_asked(rules, plans, seconds)), _each(rules, plans), strict=False)]
    lost = list(_each(rules, plans))[len(answered) :]
    told = [*answered, *(Ruling(rule, False, error=_why(place, seconds)) for place, rule in enumerate(lost))]
    return tuple(tuple(told[start : start + len(rules)]) for start in range(0, len(told), len(rules)))


def _each(rules: Sequence[Rule], plans: Sequence[object]) -> Iterator[Rule]:
    for _ in plans:
        yield from rules


def _surroundings() -> dict[str, str]:
    """What an interpreter needs to start, and no secret of the one who started us."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}


def _why(place: int, seconds: float) -> str:
    """Why there is no answer: the first one that is missing is the expression that did not come to an end."""
    if place:
        return "it was not evaluated, for a rule before it did not come to an end"
    return f"it did not come to an end within {seconds:g} seconds and {MEMORY >> 20} MB of memory"


def _asked(rules: Sequence[Rule], plans: Sequence[Mapping[str, Any]], seconds: float) -> bytes:
    asked = json.dumps({"rules": [asdict(rule) for rule in rules], "plans": plans}).encode()
    # Isolated: a module that lies in the checkout must not take the place of one of ours before the path is set.
    command = [sys.executable, "-I", "-c", _START, json.dumps(sys.path)]
    try:
        # Our own interpreter and our own words; what is not trusted is its input, and that is the reason for the process.
        done = subprocess.run(command, input=asked, capture_output=True, env=_surroundings(), timeout=seconds, check=False)  # noqa: S603
        return done.stdout
    except subprocess.TimeoutExpired as late:
        return late.stdout or b""


def _answers(printed: bytes) -> Iterator[tuple[bool, str, str | None]]:
    """What was answered in whole lines."""
    for line in printed.split(b"\n")[:-1]:
        applies, message, error = json.loads(line)
        yield bool(applies), str(message), None if error is None else str(error)


def serve() -> None:
    """The other process: one line of JSON for each plan and rule, written as soon as it is known."""
    _bound_memory()
    asked = json.load(sys.stdin)
    ready = [prepared(_rule(rule)) for rule in asked["rules"]]
    for plan in asked["plans"]:
        for one in ready:
            said = ruling(one, plan)
            sys.stdout.write(json.dumps([said.applies, said.message, said.error]) + "\n")
            sys.stdout.flush()


def _rule(fields: dict[str, Any]) -> Rule:
    return Rule(**{**fields, "where": SourceSpan(**fields["where"]), "approvers": tuple(fields["approvers"])})


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such bound
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
