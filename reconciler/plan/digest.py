"""Turns a plan or a wish into its SHA-256, the same on every machine. Pure."""

from __future__ import annotations

from reconciler.model.desired import DesiredEnvironment
from reconciler.model.digest import PLACES, sha256_of
from reconciler.model.plan import Plan

_OF_UNDOING = frozenset({"undo", "restoration"})
"""What files cannot say: a wish that comes from files has the digest that it always had."""


def plan_sha256(plan: Plan) -> str:
    """Digest of everything in the plan, waivers and places included: whoever names it means exactly this plan."""
    return sha256_of(plan)


def desired_sha256(desired: DesiredEnvironment) -> str:
    """Digest of the effective configuration; where something is written in the files is not part of it."""
    return sha256_of(desired, PLACES if desired.undo is not None else PLACES | _OF_UNDOING)
