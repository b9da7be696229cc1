"""Turns the files of a team's policies into rules and diagnostics, everything wrong at once. Reads files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.desired.codes import about_file, finding
from reconciler.desired.expressions import placed
from reconciler.desired.load import with_source_lines
from reconciler.desired.policy_envelope import PolicyPart, RulePart
from reconciler.desired.structured import Structured, structured
from reconciler.desired.tree import Place, entry_at, node_at, plain
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.policy import Rule
from reconciler.policy.language import Complaint, compiled
from reconciler.policy.message import message_of

POLICIES = "policies"
MOST_FILES = 100
"""Files of policies in one checkout; more is a folder taken by mistake."""


@dataclass(frozen=True, slots=True)
class LoadedPolicies:
    """The rules in the order of files and lines, unless something is wrong; and everything that is to be said."""

    rules: tuple[Rule, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]


def policy_files(folder: Path) -> list[Path]:
    """Its `*.yaml` by name, without those that begin with `_` or `.`; none when there is no such folder."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith(("_", ".")))


def load_policies(paths: Sequence[Path]) -> LoadedPolicies:
    """Loads policies and checks every expression. Never raises for anything that a file may hold."""
    here = Path.cwd()
    read = [structured(path, "Policy", here) for path in paths[:MOST_FILES]]
    found: list[Diagnostic] = []
    rules: list[tuple[Rule, Place]] = []
    for file in read:
        found += file.problems
        if file.root is not None:
            part = PolicyPart.model_validate(plain(file.root))
            found += _file_name(file, part)
            for index, rule in enumerate(part.rules):
                rules.append((_rule(file, part, index), entry_at(file.root, ("rules", index, "code"))[1]))
                found += _problems(file, rule, index)
    found += _named_twice(rules)
    if len(paths) > MOST_FILES:
        said = f"there are {len(paths):,} files of policies, {MOST_FILES} are read"
        found.append(about_file("too-many-policies", said, os.path.relpath(paths[MOST_FILES], here), "join them"))
    wrong = any(said.severity == "error" for said in found)
    diagnostics = with_source_lines(found, {file.file: file.text for file in read})
    return LoadedPolicies(() if wrong else tuple(rule for rule, _ in rules), diagnostics, tuple(file.file for file in read))


def _rule(file: Structured, part: PolicyPart, index: int) -> Rule:
    assert file.root is not None
    rule = part.rules[index]
    return Rule(
        code=rule.code,
        when=rule.when,
        effect=rule.effect,
        message=" ".join(rule.message.split()),
        where=entry_at(file.root, ("rules", index))[1].span,
        policy=part.metadata.name,
        owner=part.metadata.owner,
        approvers=tuple(rule.approvers),
        waivable=rule.waivable,
        hint=rule.hint,
        why=rule.why,
    )


def _problems(file: Structured, rule: RulePart, index: int) -> Iterator[Diagnostic]:
    """What contradicts itself in a rule, and what is wrong with its expressions."""
    assert file.root is not None
    if rule.effect == "require-approval" and not rule.approvers:
        said, hint = "the rule requires an approval and names nobody who could give it", "add `approvers: [GROUP]`"
        yield finding("rule-contradiction", said, entry_at(file.root, ("rules", index, "effect"))[1], hint)
    for key, effect in (("approvers", "require-approval"), ("waivable", "deny")):
        if getattr(rule, key) and rule.effect != effect:
            said = f"`{key}` says something only for the effect `{effect}`"
            yield finding(
                "rule-contradiction", said, entry_at(file.root, ("rules", index, key))[0], f"remove it, or write `effect: {effect}`"
            )
    when = compiled(rule.when)
    if isinstance(when, tuple):
        yield from (_complaint(file, index, "when", complaint) for complaint in when)
    elif when.result not in ("bool", "dyn"):
        wrong_type = Complaint(f"the condition is a {when.result}, not true or false", is_type=True)
        yield _complaint(file, index, "when", wrong_type, "compare it with something")
    message = message_of(rule.message)
    if isinstance(message, tuple):
        yield from (_complaint(file, index, "message", wrong.complaint, offset=wrong.offset) for wrong in message)


def _complaint(
    file: Structured, index: int, key: str, complaint: Complaint, hint: str = "docs/policies.md lists what can be named", offset: int = 0
) -> Diagnostic:
    assert file.root is not None
    node = node_at(file.root, ("rules", index, key))
    assert node is not None
    where, said = placed(file.text, node, complaint, offset)
    return finding("expression-type" if complaint.is_type else "expression-syntax", said, where, hint)


def _named_twice(rules: Iterable[tuple[Rule, Place]]) -> Iterator[Diagnostic]:
    first: dict[str, Place] = {}
    for rule, place in rules:
        if rule.code in first:
            there = first[rule.code].span
            yield finding(
                "duplicate-rule", f"the rule `{rule.code}` stands in {there.file}:{there.line} already", place, "give it another code"
            )
        first.setdefault(rule.code, place)


def _file_name(file: Structured, part: PolicyPart) -> Iterator[Diagnostic]:
    assert file.root is not None
    name = part.metadata.name
    if name != file.path.stem:
        place = entry_at(file.root, ("metadata", "name"))[1]
        said = f"the file is called `{file.path.name}`, what it describes `{name}`"
        yield finding("file-name", said, place, "give both the same name, so that people find the file")
