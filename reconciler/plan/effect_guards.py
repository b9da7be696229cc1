"""Turns differences into the objections against what they would do to people: one function a reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from reconciler.catalog.locations import AS_OF, LOCATIONS, geography
from reconciler.catalog.regions import region_of
from reconciler.model.fact import Known
from reconciler.model.plan import Objection
from reconciler.model.words import value_in_words
from reconciler.plan import codes
from reconciler.plan.case import Case, Wish
from reconciler.plan.guards import objection


def effect_objections(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """Every reason to ask whether these changes are meant, and whether they can have an effect here."""
    return (
        *all_roles_replaced(case, differences),
        *disabling_in_production(case, differences),
        *data_location_not_supported(case, differences),
        *not_in_this_region(case, differences),
    )


def all_roles_replaced(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A selection of which nothing stays: everybody who is in it leaves. An empty one cannot be declared at all."""
    found = []
    for wish in differences:
        held = wish.fact.value if isinstance(wish.fact, Known) else None
        if not isinstance(held, tuple) or not isinstance(wish.value, tuple) or not held:
            continue
        if {ref.id.lower() for ref in held}.isdisjoint(ref.id.lower() for ref in wish.value):
            message = (
                f"none of the {len(held)} {wish.field.name} stays: {value_in_words(held)} would give way to {value_in_words(wish.value)}"
            )
            hint = "keep one of them in the file if this is not meant, and take it out in a later plan"
            found.append(objection(codes.ALL_ROLES_REPLACED, message, hint, case.address(wish.kind)))
    return tuple(found)


def disabling_in_production(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A feature that sellers have today and would not have tomorrow."""
    if not case.desired.is_production:
        return ()
    off = [wish for wish in differences if wish.field.off_phase is not None and wish.value is False and wish.fact == Known(True)]
    return tuple(
        objection(
            codes.DISABLING_IN_PRODUCTION,
            f"{wish.kind.title} is on and would be switched off in production",
            "leave it on if this is not meant; people lose what they work with, and what was gathered may not come back",
            case.address(wish.kind),
        )
        for wish in off
    )


def data_location_not_supported(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A feature that works on Exchange data, where that data is attested to be kept in a country from which it cannot be used."""
    if case.generation != "native-exchange":
        # The list of countries is of this generation.
        return ()
    found = []
    for wish in differences:
        word = case.desired.attested(wish.field.located) if wish.field.located is not None and wish.value is True else None
        if word is None or geography(str(word.answer)) is not None:
            continue
        listed = ", ".join(country for _, countries in LOCATIONS for country in countries)
        message = f"{wish.kind.title} would have no effect: Exchange data kept in {word.answer} cannot be used for insights"
        hint = f"leave it off; what rests on Dynamics 365 data alone works everywhere. Supported as of {AS_OF}: {listed}"
        found.append(objection(codes.DATA_LOCATION_NOT_SUPPORTED, message, hint, case.address(wish.kind)))
    return tuple(found)


def not_in_this_region(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A feature that is not offered, or not in full, in the region of this organization."""
    region = region_of(_host(case.live.organization.url)) or case.live.organization.region
    return tuple(
        objection(
            codes.NOT_IN_THIS_REGION,
            f"{wish.kind.title} is not offered in full in the region of this organization ({region})",
            "leave it off here; what is offered where changes, so look it up and waive when it has come",
            case.address(wish.kind),
        )
        for wish in differences
        if wish.field.off_phase is not None and wish.value is True and region in wish.kind.unavailable_in
    )


def _host(url: str) -> str:
    """The host of an address; empty when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
