"""Refuses what an organization forbids whoever asks: its own switches in the wrong order, delivered forms and roles. Reads rows."""

from __future__ import annotations

from reconciler.emulator.context import Context, DataverseError, Row
from reconciler.emulator.errors import not_emulated

_INVALID = "0x80040203"
_FORM_STAYS = "0x8004F652"
_INSIGHTS, _ANALYTICS, _CARDS = "isrelationshipinsightsenabled", "isactivityanalysisenabled", "isactioncardenabled"
_SOLUTION = "RelationshipAnalytics"
_OWN_SOLUTIONS = frozenset({"Active", "Default", "Basic"})


def check_organization(context: Context, before: Row, changes: Row) -> None:
    """Refuses to turn on what the terms or the solution are missing for.

    The three messages are the service's; which column brings up which, their status and their code are assumptions.
    """
    after = {**before, **changes}
    installed = any(row["uniquename"] == _SOLUTION for row in context.rows.all("solution"))
    if changes.get(_ANALYTICS) and not installed:
        raise DataverseError(
            400,
            _INVALID,
            "Relationship Analytics organization settings can be enabled only if Relationship Analytics solution is installed",
        )
    if changes.get(_ANALYTICS) and not after.get(_INSIGHTS):
        raise DataverseError(400, _INVALID, "Relationship Insights feature is not enabled or solution is not installed.")
    if changes.get(_CARDS) and not after.get(_INSIGHTS):
        raise DataverseError(
            400,
            _INVALID,
            f"Unable to update Organization Setting for {_CARDS}. Value for isRelationshipInsightsEnabled: {bool(after.get(_INSIGHTS))}, "
            f"isRASolutionInstalled: {installed}",
        )


def check_virtual(table: str, message: str) -> None:
    """Refuses to write what the platform computes or records by itself (status and code are assumptions, the text is the service's)."""
    if table in ("audit", "msdyn_componentlayer"):
        raise DataverseError(400, "0x80040800", f"The '{message}' method does not support entities of type '{table}'.")


def check_deletion(table: str, before: Row) -> None:
    """Refuses to delete what was delivered, and what an organization cannot be without."""
    if table == "organization":
        raise DataverseError(405, _INVALID, "The organization cannot be deleted.")
    if table == "systemuser":
        raise DataverseError(400, "0x80040800", "The 'Delete' method does not support entities of type 'systemuser'.")
    if table == "solution" and before["uniquename"] in _OWN_SOLUTIONS:
        raise DataverseError(400, _INVALID, f"The solution {before['uniquename']} belongs to the organization and cannot be deleted.")
    if table == "solution" and before.get("ismanaged"):
        # The service uninstalls it with all that it brought.
        raise not_emulated("the uninstallation of a managed solution")
    if is_false(before.get("canbedeleted")):
        if table == "systemform":
            raise DataverseError(400, _FORM_STAYS, "The form cannot be deleted because it is managed.")
        raise DataverseError(400, _INVALID, f"The {table} component cannot be deleted.")


def is_false(managed: object) -> bool:
    """Whether a managed property says no."""
    return isinstance(managed, dict) and managed.get("Value") is False
