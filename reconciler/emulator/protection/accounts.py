"""Finds the account of a caller in an organization. Touches nothing."""

from __future__ import annotations

from collections import OrderedDict

from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.protection.account import Account
from reconciler.emulator.protection.limits import Limits

_KEPT = 1000


class Accounts:
    """The accounts of one server: the service, too, counts on each of its web servers apart. The longest unused go when there are many."""

    def __init__(self) -> None:
        self._accounts: OrderedDict[tuple[str, Identity], Account] = OrderedDict()

    def of(self, organization: str, identity: Identity, limits: Limits) -> Account:
        """The account; a new one when there is none or when the limits are others than before."""
        key = (organization, identity)
        account = self._accounts.get(key)
        if account is None or account.limits != limits:
            account = self._accounts[key] = Account(limits)
            self._shed()
        self._accounts.move_to_end(key)
        return account

    def forget(self, organization: str | None) -> None:
        """Begins the accounts of an organization anew, or all of them."""
        for key in [key for key in self._accounts if organization in (None, key[0])]:
            del self._accounts[key]

    def _shed(self) -> None:
        while len(self._accounts) > _KEPT:
            self._accounts.popitem(last=False)
