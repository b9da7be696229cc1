"""What a team demands of every plan, and what its rules say of one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.source import SourceSpan

Effect = Literal["deny", "warn", "require-approval"]
EFFECTS: tuple[Effect, ...] = ("deny", "warn", "require-approval")

PREFIX = "policy/"
"""Before the code of a team's rule wherever it stands beside built-in codes, so that the two can never be taken for each other."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy.

    code       kebab-case, unique in a checkout, without the prefix
    when       CEL expression over one environment's plan; true means that the rule applies to it
    message    text in which `{CEL}` stands for a value of that plan
    approvers  groups of which every one has to approve; only with the effect `require-approval`
    waivable   whether --allow policy/CODE=REASON may waive it; only with the effect `deny`
    where      the place of the rule in its file
    policy     name of the policy that holds it; `owner` answers for that policy
    """

    code: str
    when: str
    effect: Effect
    message: str
    where: SourceSpan
    policy: str
    owner: str | None = None
    approvers: tuple[str, ...] = ()
    waivable: bool = False
    hint: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says of one plan. With an `error` nothing is known: neither that it applies nor that it does not."""

    rule: Rule
    applies: bool
    message: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Expectation:
    """A rule that has to apply to the plan of a case, with its effect."""

    code: str
    effect: Effect

    def __str__(self) -> str:
        return f"{self.code} ({self.effect})"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case of a policy test.

    missing      expected, and does not apply
    unexpected   applies, and is not expected; with its message
    unanswered   has no answer for the plan; with the reason
    """

    name: str
    where: SourceSpan
    missing: tuple[Expectation, ...] = ()
    unexpected: tuple[tuple[Expectation, str], ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Exactly what is expected applies, and everything has an answer."""
        return not (self.missing or self.unexpected or self.unanswered)


@dataclass(frozen=True, slots=True)
class TestedPolicies:
    """The results of all cases, and the codes of rules that no case expects to apply."""

    results: tuple[CaseResult, ...]
    rules: int
    untested: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Every case passed."""
        return all(result.passed for result in self.results)
