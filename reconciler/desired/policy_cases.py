"""Turns files of policy tests into cases and diagnostics, everything wrong at once. Reads files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from reconciler.desired.codes import finding
from reconciler.desired.load import with_source_lines
from reconciler.desired.nearest import choices, did_you_mean
from reconciler.desired.policy_envelope import PolicyTestPart
from reconciler.desired.structured import Structured, structured
from reconciler.desired.tree import Items, Mapping, Node, entry_at, node_at, plain
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.plan import Plan
from reconciler.model.policy import Expectation, Rule
from reconciler.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Case:
    """One plan and the rules that have to apply to it. The plan is written here, or is in `plan_file` (`environment` says which)."""

    name: str
    where: SourceSpan
    expected: tuple[Expectation, ...]
    labels: dict[str, str]
    plan: dict[str, Any] | None
    plan_file: Path | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedCases:
    """The cases in the order of files and lines, unless something is wrong; and everything that is to be said."""

    cases: tuple[Case, ...]
    diagnostics: tuple[Diagnostic, ...]


def load_cases(paths: Sequence[Path], rules: Sequence[Rule]) -> LoadedCases:
    """Loads the cases of these files, which are about these rules. Never raises for anything that a file may hold."""
    here = Path.cwd()
    read = [structured(path, "PolicyTest", here) for path in paths]
    found: list[Diagnostic] = []
    cases: list[Case] = []
    for file in read:
        found += file.problems
        if file.root is not None:
            part = PolicyTestPart.model_validate(plain(file.root))
            for index in range(len(part.cases)):
                found += _problems(file.root, part, index, rules)
                cases.append(_case(file, part, index))
    diagnostics = with_source_lines(found, {file.file: file.text for file in read})
    return LoadedCases(() if found else tuple(cases), diagnostics)


def _case(file: Structured, part: PolicyTestPart, index: int) -> Case:
    assert file.root is not None
    case = part.cases[index]
    return Case(
        name=case.name,
        where=entry_at(file.root, ("cases", index))[1].span,
        expected=tuple(Expectation(one.code, one.effect) for one in case.expect),
        labels=dict(case.labels),
        plan=None if case.plan is None else {**_empty(), **case.plan},
        plan_file=None if case.plan_file is None else file.path.parent / case.plan_file,
        environment=case.environment,
    )


def _problems(root: Mapping, part: PolicyTestPart, index: int, rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    case = part.cases[index]
    if (case.plan is None) == (case.plan_file is None):
        said, hint = "a case needs exactly one of `plan` or `planFile`", "write the plan, or name its file"
        yield finding("exactly-one", said, entry_at(root, ("cases", index))[1], hint)
    effects = {rule.code: rule.effect for rule in rules}
    for position, expected in enumerate(case.expect):
        path = ("cases", index, "expect", position)
        if expected.code not in effects:
            hint = did_you_mean(expected.code, effects) or (choices(effects) if effects else "there are no rules")
            yield finding("unknown-rule", f"no rule is called `{expected.code}`", entry_at(root, (*path, "code"))[1], hint)
        elif expected.effect != effects[expected.code]:
            said = f"the effect of `{expected.code}` is `{effects[expected.code]}`"
            yield finding("unknown-rule", said, entry_at(root, (*path, "effect"))[1], f"write `effect: {effects[expected.code]}`")
    written = node_at(root, ("cases", index, "plan"))
    if written is not None:
        yield from _unknown_keys(written)


def _unknown_keys(node: Node) -> Iterator[Diagnostic]:
    """Keys that no part of a plan has: a misspelt one would make a rule look as if it did not apply."""
    below: Iterable[Node] = ()
    if isinstance(node, Mapping):
        for entry in node.entries.values():
            if entry.key not in _known_keys():
                hint = did_you_mean(entry.key, _known_keys()) or "`rictl schema plan` describes a plan"
                yield finding("unknown-key", f"`{entry.key[:80]}` is not a key of a plan", entry.place, hint)
        below = (entry.node for entry in node.entries.values())
    elif isinstance(node, Items):
        below = node.items
    for inside in below:
        yield from _unknown_keys(inside)


@cache
def _schema() -> dict[str, Any]:
    return TypeAdapter(Plan).json_schema(mode="serialization")


@cache
def _known_keys() -> frozenset[str]:
    parts = [_schema(), *_schema()["$defs"].values()]
    return frozenset(key for part in parts for key in part.get("properties", {}))


@cache
def _empty() -> dict[str, Any]:
    """A plan in which there is nothing: what a case does not write is empty, as it would be in a plan that has none of it."""
    kinds: dict[str | None, Any] = {"array": [], "string": "", "integer": 0, "object": {}}
    return {name: kinds.get(one.get("type", "object" if "$ref" in one else None)) for name, one in _schema()["properties"].items()}
