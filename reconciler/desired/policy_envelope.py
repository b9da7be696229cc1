"""The typed parts of a policy file and of a file of policy tests, from which their JSON Schemas are made. Pure."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.catalog.json_schema import Schema
from reconciler.desired.envelope import LABEL_KEY, NAME
from reconciler.desired.part import Part, Reason, Text, about
from reconciler.desired.schema import DIALECT, without_references
from reconciler.model.policy import Effect
from reconciler.policy.language import LONGEST

PolicyKind = Literal["Policy", "PolicyTest"]

CODE = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SENTENCES = r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]+$"

Code = Annotated[str, Field(pattern=CODE, max_length=60)]
Name = Annotated[str, Field(pattern=NAME)]
Sentences = Annotated[str, Field(pattern=SENTENCES, max_length=500)]
Expression = Annotated[str, Field(min_length=1, max_length=LONGEST)]
LabelKey = Annotated[str, Field(pattern=LABEL_KEY)]


class PolicyMetadata(Part):
    """What the file is called, and who answers for it."""

    name: Name = about("Name of the policy: lower-case letters, digits and hyphens. The file is called the same.", "privacy")
    owner: Text | None = about("Who answers for these rules; shown to whom they stop.", "privacy-officers", None)


class RulePart(Part):
    """One demand on every plan."""

    code: Code = about("Kebab-case code of the rule, unique in this checkout. Plans show it as `policy/CODE`.", "opened-to-many")
    when: Expression = about("CEL expression over the plan of one environment. Where it is true, the rule applies.", 'risk == "high"')
    effect: Effect = about("What follows: the plan may not run, a notice, or it may run once the approvers agreed.", "require-approval")
    message: Sentences = about("What to tell a reviewer. `{CEL}` stands for a value of the plan.", "the risk of this plan is {risk}")
    approvers: list[Name] = about(
        "Groups that must approve, every one of them; only with `require-approval`.",
        ["privacy-officers"],
        [],
        min_length=1,
        max_length=10,
        json_schema_extra={"uniqueItems": True},
    )
    waivable: bool = about("Whether --allow policy/CODE=REASON may waive it; only with `deny`.", False, False)
    hint: Reason | None = about("What to do next.", "ask privacy@contoso.example", None)
    why: Reason | None = about("Why the rule is there; shown behind the message.", "agreed with the works council", None)


class PolicyPart(Part):
    """A file of policies/."""

    api_version: Literal["rictl/v1"] = about("Version of this format.", "rictl/v1")
    kind: Literal["Policy"] = about("What this file describes.", "Policy")
    metadata: PolicyMetadata = about("Name and owner.", {"name": "privacy"})
    rules: list[RulePart] = about("The rules, in the order in which plans name them.", [], min_length=1, max_length=100)


class Expected(Part):
    """One rule that applies."""

    code: Code = about("Code of the rule, without `policy/`.", "opened-to-many")
    effect: Effect = about("Its effect.", "require-approval")


class CasePart(Part):
    """One plan and what the rules say of it."""

    name: Text = about("What the case shows, in a sentence.", "opening data to many people needs the privacy officers")
    plan: dict[str, Any] | None = about(
        "A plan, written as in `rictl plan --format json`, as far as the rules read it.", {"environment": "contoso-prod"}, None
    )
    plan_file: Text | None = about("A file of `rictl plan --out`, beside this one.", "prod.json", None)
    environment: Name | None = about("Which plan of that file, when it holds several.", "contoso-prod", None)
    labels: dict[LabelKey, Text] = about("The labels of the environment.", {"tier": "prod"}, {}, max_length=32)
    expect: list[Expected] = about("Exactly the rules that apply; `[]` when none does.", [])


class PolicyTestPart(Part):
    """A file of policies/tests/."""

    api_version: Literal["rictl/v1"] = about("Version of this format.", "rictl/v1")
    kind: Literal["PolicyTest"] = about("What this file describes.", "PolicyTest")
    cases: list[CasePart] = about("The cases.", [], min_length=1, max_length=200)


_MODELS: dict[PolicyKind, tuple[type[Part], str, str]] = {
    "Policy": (PolicyPart, "rictl policy", "What a team demands of every plan."),
    "PolicyTest": (PolicyTestPart, "rictl policy test", "Plans, and what the rules of a team say of them."),
}


def policy_schema(kind: PolicyKind) -> Schema:
    """The schema of such a file: closed, and without references."""
    model, title, description = _MODELS[kind]
    generated = model.model_json_schema()
    schema = without_references(generated, generated.get("$defs", {}))
    return {"$schema": DIALECT, "title": title, **schema, "description": description}
