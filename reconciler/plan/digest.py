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
    """Digest of the effective configuration. Where and why something is written in the files is not part of it: a better worded
    reason makes no saved plan stale, and an exception past its day is refused whenever the files are read.
    """
    without = PLACES | {"notes"}
    return sha256_of(desired, without if desired.undo is not None else without | _OF_UNDOING)
