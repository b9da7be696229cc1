"""Turns differences into those that may be planned: a switch waits until what limits it is known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.catalog.kind import Field, Kind
from reconciler.model.fact import Unknown
from reconciler.model.plan import Notice
from reconciler.plan import codes
from reconciler.plan.case import Case, Wish


@dataclass(frozen=True, slots=True)
class Sifted:
    """`planned` become changes and steps; `notices` say what was left out, and why."""

    planned: tuple[Wish, ...]
    notices: tuple[Notice, ...]


def sift(case: Case, differences: Sequence[Wish]) -> Sifted:
    """Leaves out every switch that would go on while what limits it could not be resolved or read.

    Such a plan is incomplete and is not carried out anyway; but whoever reads it must not see data opened without its limit.
    """
    planned: list[Wish] = []
    notices: list[Notice] = []
    for wish in differences:
        limit = _unsettled_limit(case, wish)
        if limit is None:
            planned.append(wish)
        else:
            notices.append(_left_out(case, wish, *limit))
    return Sifted(tuple(planned), tuple(notices))


def _unsettled_limit(case: Case, wish: Wish) -> tuple[Kind, Field, str] | None:
    if wish.value is not True:
        return None
    for kind, field in case.catalog.fields():
        if field.limits != (wish.kind.name, wish.field.name):
            continue
        declared, limit = case.desired.setting(kind.name, field.name), case.wish(kind.name, field.name)
        if declared is not None and limit is None:
            return kind, field, "could not be resolved"
        if isinstance(limit.fact if limit is not None else case.outlook(kind.name, field.name), Unknown):
            return kind, field, "could not be read"
    return None


def _left_out(case: Case, wish: Wish, kind: Kind, field: Field, why: str) -> Notice:
    limit = ".".join((*kind.section[1:], field.name))
    message = f"{wish.kind.title} is not switched on in this plan: {limit}, which limits whose data is used, {why}"
    return Notice(codes.LIMIT_NOT_KNOWN, message, case.address(wish.kind))
