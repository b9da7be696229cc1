"""Turns the rulings on the plan of a case, and what is expected of them, into the result of the case. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.policy import CaseResult, Expectation, Ruling
from reconciler.model.source import SourceSpan


def judged(name: str, where: SourceSpan, expected: Sequence[Expectation], rulings: Sequence[Ruling]) -> CaseResult:
    """The result: what is missing, what is not expected, what has no answer."""
    applies = {Expectation(said.rule.code, said.rule.effect): said.message for said in rulings if said.error is None and said.applies}
    return CaseResult(
        name,
        where,
        missing=tuple(sorted(set(expected) - set(applies))),
        unexpected=tuple((said, applies[said]) for said in sorted(set(applies) - set(expected))),
        unanswered=tuple((said.rule.code, said.error) for said in rulings if said.error is not None),
    )
