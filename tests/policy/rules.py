"""Rules as the tests of policies need them."""

from __future__ import annotations

from typing import Any

from reconciler.model.policy import Rule
from reconciler.model.source import SourceSpan
from reconciler.policy.facts import variables_of


def rule(when: str, code: str = "a-rule", message: str = "said", **more: Any) -> Rule:
    """A rule of policies/team.yaml."""
    return Rule(code, when, more.pop("effect", "deny"), message, SourceSpan("policies/team.yaml", 4, 5), "team", **more)


def variables(plan: dict[str, Any] | None = None, **labels: str) -> dict[str, Any]:
    """The variables of a plan that is nearly empty."""
    return variables_of({"environment": "contoso-test", "changes": [], "impacts": [], **(plan or {})}, labels)
