"""Turns a case into the objections against its settings: one function a reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.catalog.acceptance import ACCEPTANCES
from reconciler.catalog.types import RoleSet
from reconciler.model.address import Address
from reconciler.model.fact import Absent, Known, Unknown
from reconciler.model.live import LiveRow, NoRow, TableMetadata
from reconciler.model.plan import Consent, Objection
from reconciler.plan import codes
from reconciler.plan.case import Case, Wish

ROW_CREATION = "inferred-row-creation"


def objection(code: str, message: str, hint: str, address: Address | None = None) -> Objection:
    """An objection that is waivable exactly if its code is."""
    return Objection(code, message, hint, address, code in codes.WAIVABLE)


def settings_objections(case: Case, differences: Sequence[Wish], consent: Consent | None) -> tuple[Objection, ...]:
    """Every reason against the settings of this plan."""
    return (
        *not_in_this_generation(case),
        *terms_not_attested(case, differences),
        *exchange_data_of_everyone(case),
        *consent_not_given(case, differences, consent),
        *binding_not_accepted(case, differences),
        *settings_row_missing(case, differences),
        *metadata_mismatch(case, differences),
        *role_list_too_long(case, differences),
        *activation_failed(case),
    )


def not_in_this_generation(case: Case) -> tuple[Objection, ...]:
    """Declared kinds that the service of this environment does not have."""
    version = case.live.organization.version or "unknown"
    if case.generation is None:
        why = f"it cannot be told from the organization's version ({version}) whether it has them"
        todo = "say so with serviceGeneration, or "
    else:
        why = f"this environment is of the {case.generation} generation (version {version})"
        todo = ""
    return tuple(
        objection(
            codes.NOT_IN_THIS_GENERATION,
            f"{kind.title}: settings of the {', '.join(kind.generations)} generation only; {why}",
            f"{todo}{kind.alternative}",
            case.address(kind),
        )
        for kind in case.excluded
    )


def terms_not_attested(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A switch that stands for a person's yes is set on only where a person said yes."""
    needed: dict[tuple[str, str], list[Wish]] = {}
    for wish in differences:
        if wish.field.attestation is not None and wish.value is True and case.desired.attested(wish.field.attestation) is None:
            needed.setdefault((wish.kind.name, wish.field.attestation), []).append(wish)
    return tuple(
        objection(
            codes.TERMS_NOT_ATTESTED,
            f"{', '.join(wish.field.name for wish in wishes)} is off, and nobody attests {name}",
            f"let an administrator accept the terms of service, then write attestations.{name}: {{by: NAME, date: YYYY-MM-DD}}",
            case.address(wishes[0].kind),
        )
        for (_, name), wishes in needed.items()
    )


def binding_not_accepted(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A place that is only inferred is written only where the team accepts that by name."""
    needed: dict[str, list[Wish]] = {}
    for wish in differences:
        name = wish.binding.acceptance
        if wish.binding.certainty != "documented" and name is not None and name not in case.desired.accept:
            needed.setdefault(name, []).append(wish)
    return tuple(
        not_accepted(
            name,
            ", ".join(f"{wish.binding.table}.{wish.binding.column}" for wish in wishes),
            "; ".join(dict.fromkeys(str(wish.binding.source) for wish in wishes)),
            case.address(wishes[0].kind),
        )
        for name, wishes in needed.items()
    )


def not_accepted(name: str, what: str, source: str, address: Address) -> Objection:
    """The objection that names an acceptance, what it assumes, on what that rests and how it can be confirmed."""
    acceptance = next((entry for entry in ACCEPTANCES if entry.name == name), None)
    assumes, confirm = (acceptance.assumes, acceptance.confirm) if acceptance is not None else ("not described", "not described")
    return objection(
        codes.BINDING_NOT_ACCEPTED,
        f"{what} is inferred, and {name} is not accepted. Assumed: {assumes}. Source: {source}",
        f"to confirm: {confirm}. Then write `accept: [{name}]`",
        address,
    )


def settings_row_missing(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A settings table without its row."""
    if ROW_CREATION in case.desired.accept:
        return ()
    missing = {wish.binding.table: wish for wish in differences if isinstance(case.live.rows.get(wish.binding.table), NoRow)}
    return tuple(
        objection(
            codes.SETTINGS_ROW_MISSING,
            f"{table} has no row in this environment, so there is nothing to set",
            f"open the settings page of {wish.kind.title} once, which creates it, or write `accept: [{ROW_CREATION}]`",
            case.address(wish.kind),
        )
        for table, wish in missing.items()
    )


def metadata_mismatch(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """Tables or columns that this environment does not have as the catalogue describes them."""
    found = []
    for wish in case.wishes:
        if wish not in differences and not isinstance(wish.fact, Unknown):
            continue
        columns = [wish.binding.column]
        activation = wish.kind.activation
        if activation is not None and wish.field.name == activation.switch:
            columns.append(activation.column)
        for column in columns:
            complaint = _complaint(case, wish.binding.table, column)
            if complaint is not None:
                hint = "the solution is missing or newer than the catalogue; update rictl or leave the setting out of the file"
                found.append(objection(codes.METADATA_MISMATCH, complaint, hint, case.address(wish.kind)))
    return tuple(dict.fromkeys(found))


def _complaint(case: Case, table: str, column: str) -> str | None:
    metadata = case.live.metadata.get(table)
    if isinstance(metadata, NoRow):
        return f"there is no table {table} in this environment"
    if not isinstance(metadata, TableMetadata):
        return None
    expected, actual = case.catalog.table(table).column(column).type, metadata.columns.get(column)
    if actual is None:
        return f"{table} has no column {column} in this environment"
    return None if actual == expected else f"{table}.{column} is {actual} in this environment, not {expected}"


def exchange_data_of_everyone(case: Case) -> tuple[Objection, ...]:
    """A switch that is or goes on while the field that limits it is neither declared nor stored."""
    found = []
    for kind, field in case.catalog.fields():
        wish = case.wish(kind.name, field.name)
        empties = wish is not None and isinstance(wish.value, Absent)
        if field.limits is None or (wish is not None and not empties):
            continue
        if wish is None and case.desired.setting(kind.name, field.name) is not None:
            # Declared but not resolved: that is a problem of its own, which stops the plan already.
            continue
        switch = case.wish(*field.limits)
        limit = case.outlook(kind.name, field.name)
        stays_on = empties and switch is None and case.outlook(*field.limits) not in (Known(False), Absent())
        opens = stays_on or (switch is not None and switch.value is True)
        if opens and (isinstance(limit, Absent) or limit == Known(())):
            title = case.catalog.kind(field.limits[0]).title
            message = f"{title} would be used for every user: {field.name} is neither declared nor stored"
            hint = f"write {'.'.join(kind.section)}.{field.name} with the roles whose users may be read"
            found.append(objection(codes.EXCHANGE_DATA_OF_EVERYONE, message, hint, case.address(kind)))
    return tuple(found)


def consent_not_given(case: Case, differences: Sequence[Wish], consent: Consent | None) -> tuple[Objection, ...]:
    """Switching on again what the service switched off for want of the consent would last 14 days."""
    if consent is None or consent.state != "lapsed":
        return ()
    again = [wish for wish in differences if wish.field.consent and wish.value is True]
    return tuple(
        objection(
            codes.CONSENT_NOT_GIVEN,
            f"{wish.kind.title} would lapse again: {consent.evidence}",
            "let a Global Administrator give the consent, then attest it under attestations.exchangeConsent with that day",
            case.address(wish.kind),
        )
        for wish in again
    )


def role_list_too_long(case: Case, differences: Sequence[Wish]) -> tuple[Objection, ...]:
    """A role set that does not fit its text column."""
    found = []
    for wish in differences:
        if isinstance(wish.field.type, RoleSet) and isinstance(wish.value, tuple):
            # A JSON array of quoted ids: brackets, 38 characters each, commas between.
            length = 1 + 39 * len(wish.value)
            if length > wish.field.type.max_length:
                message = f"{len(wish.value)} roles take {length} characters; {wish.binding.column} holds {wish.field.type.max_length}"
                found.append(objection(codes.ROLE_LIST_TOO_LONG, message, "declare fewer roles", case.address(wish.kind)))
    return tuple(found)


def activation_failed(case: Case) -> tuple[Objection, ...]:
    """A switch that is on already while its status says that the service failed or is off: writing it again changes nothing."""
    found = []
    for kind in case.catalog.kinds:
        activation = kind.activation
        if activation is None:
            continue
        wish = case.wish(kind.name, activation.switch)
        status = case.live.activations.get(kind.name)
        if wish is None or wish.value is not True or wish.fact != Known(True):
            continue
        if status in (activation.failed, activation.off):
            row = case.live.rows.get(activation.table)
            by = f", last written by {_author(row)}" if isinstance(row, LiveRow) and row.modified_by is not None else ""
            message = f"{kind.title} is switched on, but {activation.column} is {status}: the activation failed or was undone{by}"
            hint = "switch it off and on again in two applies (enabled: false, then true); if it fails again, ask Microsoft support"
            found.append(objection(codes.ACTIVATION_FAILED, message, hint, case.address(kind)))
    return tuple(found)


def _author(row: LiveRow) -> str:
    """Who wrote the row: a service by name; a person without one, for what a plan says may be published."""
    return row.modified_by.name if row.modified_by is not None and row.modified_by.is_service else "a person"
