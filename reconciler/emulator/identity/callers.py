"""Turns the identity in a token into the systemuser row on whose behalf a request runs. Seeds an organization on its first request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.emulator.context import DataverseError, Domain, Row
from reconciler.emulator.errors import not_a_member
from reconciler.emulator.storage.clock import BEGINNING, VirtualClock
from reconciler.emulator.storage.store import Store
from reconciler.emulator.storage.store_rows import StoredRows

USERS = "systemuser"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for: an application (by its id), or a person (by full name or sign-in name).

    on_demand   an organization that does not know the user yet makes it, as a System Administrator
    """

    name: str
    application_id: str | None
    on_demand: bool = True


class Callers:
    """Knows the systemuser of every identity that has called, so that reading needs no write."""

    def __init__(self, store: Store, clock: VirtualClock, domain: Domain) -> None:
        self._store = store
        self._clock = clock
        self._domain = domain
        self._ids: dict[tuple[str, Identity], str] = {}

    def prepare(self, organization: str, identity: Identity) -> None:
        """Makes sure that the organization is seeded and that the identity has a user there. Writes only when one is missing."""
        if self._store.is_known(organization) and (organization, identity) in self._ids:
            return
        self._domain.settings(organization)
        with self._store.writing(organization) as rows:
            now = self._clock.now()
            if rows.is_new:
                self._domain.seed(rows, organization, now)
                rows.set_note(BEGINNING, now.isoformat())
            user = self._domain.user(rows, now, identity.name, identity.application_id, on_demand=identity.on_demand)
        self._ids[(organization, identity)] = str(user["systemuserid"])

    def forget(self) -> None:
        """Makes `prepare` look for the user of every identity again."""
        self._ids.clear()

    def caller(self, rows: StoredRows, organization: str, identity: Identity, headers: Mapping[str, str]) -> tuple[Row, Row | None]:
        """The row of the caller and None; or the row of the user whom the caller asks to act for, and the caller's own behind it."""
        row = rows.get(USERS, self._ids[(organization, identity)])
        if row is None:
            # Somebody deleted the user; the next request makes it again.
            del self._ids[(organization, identity)]
            raise not_a_member()
        # An empty header asks for nobody.
        wanted = headers.get("mscrmcallerid", "").strip() or None, headers.get("callerobjectid", "").strip() or None
        if wanted == (None, None):
            return row, None
        for user in rows.all(USERS):
            if (user["systemuserid"], user.get("azureactivedirectoryobjectid")) == _either(wanted, user):
                return user, row
        raise DataverseError(400, "0x80040204", f"Invalid caller id: {wanted[0] or wanted[1]}")


def _either(wanted: tuple[str | None, str | None], user: Row) -> tuple[str | None, str | None]:
    id, object_id = wanted
    return (
        id.strip("{}").lower() if id else user["systemuserid"],
        object_id.strip("{}").lower() if object_id else user.get("azureactivedirectoryobjectid"),
    )
