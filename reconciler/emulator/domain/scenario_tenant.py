"""What a scenario may say about the Microsoft 365 tenant around an organization: subscriptions, country, place of its data. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reconciler.catalog.licences import INSIGHTS_PLANS, USABLE, product
from reconciler.emulator.domain.strict import Strict

Licence = Literal["premium", "viral-trial", "enterprise", "professional", "none"]
Capability = Literal["Enabled", "Warning", "Suspended", "Deleted", "LockedOut"]
DataLocation = Literal["supported", "region-specific", "unknown"]

_SKUS: dict[Licence, tuple[str, ...]] = {
    "premium": ("DYN365_SALES_PREMIUM",),
    "viral-trial": ("Dynamics_365_Sales_Premium_Viral_Trial",),
    "enterprise": ("DYN365_ENTERPRISE_SALES",),
    "professional": ("D365_SALES_PRO",),
    "none": (),
}


class Subscription(Strict):
    """A subscription. `sku` is a string id; for a product that nobody knows `plans` names the service plans that it carries."""

    sku: str
    plans: tuple[str, ...] = ()
    status: Capability = "Enabled"
    enabled: int = Field(25, ge=0)
    warning: int = Field(0, ge=0)
    suspended: int = Field(0, ge=0)
    locked_out: int = Field(0, alias="lockedOut", ge=0)

    @property
    def all_plans(self) -> tuple[str, ...]:
        """Names of the service plans: of the known product, then those that are written."""
        known = product(self.sku)
        return tuple(dict.fromkeys((*(known.plans if known else ()), *self.plans)))

    @property
    def is_good(self) -> bool:
        """Whether it pays for the premium features."""
        return self.status in USABLE and self.enabled + self.warning > 0 and any(plan in INSIGHTS_PLANS for plan in self.all_plans)


class Tenant(Strict):
    """The tenant. `permissions`: what the application was allowed on Microsoft Graph."""

    name: str = "Contoso"
    country: str = Field("US", pattern="^[A-Z]{2}$")
    data_location: DataLocation = Field("supported", alias="dataLocation")
    subscriptions: tuple[Subscription, ...] | None = None
    permissions: tuple[str, ...] = ("LicenseAssignment.Read.All", "Organization.Read.All", "User.Read.All")

    def subscribed(self, licence: Licence) -> tuple[Subscription, ...]:
        """What the tenant has subscribed to: what is written, else the product of `licence`."""
        return self.subscriptions if self.subscriptions is not None else tuple(Subscription(sku=sku) for sku in _SKUS[licence])
