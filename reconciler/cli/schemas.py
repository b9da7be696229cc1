"""The JSON Schemas that rictl publishes, as text. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

NAMES = ("environment", "baseline", "plan", "outcome", "policy", "policy-test")


def schema_text(name: str) -> str:
    """The schema of that name, as it stands in `schemas/`."""
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "environment": _environment,
        "baseline": _baseline,
        "plan": _plan,
        "outcome": _outcome,
        "policy": _policy,
        "policy-test": _policy_test,
    }
    return json.dumps(makers[name](), indent=2, ensure_ascii=False) + "\n"


def _environment() -> dict[str, Any]:
    from reconciler.catalog.register import CATALOG
    from reconciler.desired.schema import published_schema

    return published_schema("Environment", CATALOG)


def _baseline() -> dict[str, Any]:
    from reconciler.catalog.register import CATALOG
    from reconciler.desired.schema import published_schema

    return published_schema("Baseline", CATALOG)


def _policy() -> dict[str, Any]:
    from reconciler.desired.policy_envelope import policy_schema

    return policy_schema("Policy")


def _policy_test() -> dict[str, Any]:
    from reconciler.desired.policy_envelope import policy_schema

    return policy_schema("PolicyTest")


def _plan() -> dict[str, Any]:
    from pydantic import TypeAdapter

    from reconciler.report.plan_document import PlanDocument

    # Serialization: the schema describes what rictl writes, every key of it.
    schema = TypeAdapter(PlanDocument).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "rictl plan"}


def _outcome() -> dict[str, Any]:
    from pydantic import TypeAdapter

    from reconciler.report.outcome_document import OutcomeDocument

    schema = TypeAdapter(OutcomeDocument).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "rictl outcome"}
