"""Turns a scenario into what Microsoft Graph tells about its tenant: subscriptions, the tenant itself, licences of users. Pure.

Shapes: the reference of Microsoft Graph v1.0, resource types subscribedSku, licenseDetails and organization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.catalog.licences import PLANS, USABLE, product
from reconciler.emulator.domain.identity import TENANT_ID, stable_id
from reconciler.emulator.domain.scenario import Scenario, User
from reconciler.emulator.domain.scenario_tenant import Subscription

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TenantDirectory:
    """What can be asked of one tenant. `licences` has a list for each id and sign-in name of a user."""

    permissions: frozenset[str]
    subscribed_skus: tuple[Resource, ...]
    organization: Resource
    licences: dict[str, tuple[Resource, ...]]


def tenant_directory(organization: str, scenario: Scenario) -> TenantDirectory:
    """The directory of the tenant in which this organization is."""
    subscriptions = scenario.tenant.subscribed(scenario.licence)
    licences: dict[str, tuple[Resource, ...]] = {}
    for user in scenario.users:
        details = tuple(
            _details(user, subscription) for subscription in subscriptions if subscription.sku in _assigned(user, subscriptions)
        )
        keys = (stable_id("directory", user.application_id or user.name), user.email)
        licences |= {key.lower(): details for key in keys if key}
    return TenantDirectory(
        permissions=frozenset(scenario.tenant.permissions),
        subscribed_skus=tuple(_sku(scenario, subscription, subscriptions) for subscription in subscriptions),
        organization=_organization(organization, scenario),
        licences=licences,
    )


def _assigned(user: User, subscriptions: tuple[Subscription, ...]) -> tuple[str, ...]:
    """String ids of a user's licences: those written; else a person has every one of them and an application none."""
    if user.licences is not None:
        return user.licences
    return () if user.application_id else tuple(subscription.sku for subscription in subscriptions)


def _sku_id(subscription: Subscription) -> str:
    known = product(subscription.sku)
    return known.id if known else stable_id("sku", subscription.sku)


def _sku(scenario: Scenario, subscription: Subscription, subscriptions: tuple[Subscription, ...]) -> Resource:
    id = _sku_id(subscription)
    return {
        "accountName": scenario.tenant.name,
        "accountId": TENANT_ID,
        "appliesTo": "User",
        "capabilityStatus": subscription.status,
        "consumedUnits": sum(subscription.sku in _assigned(user, subscriptions) for user in scenario.users),
        "id": f"{TENANT_ID}_{id}",
        "skuId": id,
        "skuPartNumber": subscription.sku,
        "subscriptionIds": [stable_id("subscription", subscription.sku)],
        "prepaidUnits": {
            "enabled": subscription.enabled,
            "suspended": subscription.suspended,
            "warning": subscription.warning,
            "lockedOut": subscription.locked_out,
        },
        "servicePlans": _plans(subscription),
    }


def _details(user: User, subscription: Subscription) -> Resource:
    return {
        "id": stable_id("licence", user.name, subscription.sku),
        "skuId": _sku_id(subscription),
        "skuPartNumber": subscription.sku,
        "servicePlans": _plans(subscription),
    }


def _plans(subscription: Subscription) -> list[Resource]:
    status = "Success" if subscription.status in USABLE else "Disabled"
    return [
        {
            "servicePlanId": PLANS.get(name) or stable_id("plan", name),
            "servicePlanName": name,
            "provisioningStatus": status,
            "appliesTo": "User",
        }
        for name in subscription.all_plans
    ]


def _organization(organization: str, scenario: Scenario) -> Resource:
    domain = {"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": True, "isInitial": True, "type": "Managed"}
    return {
        "id": TENANT_ID,
        "displayName": scenario.tenant.name,
        "countryLetterCode": scenario.tenant.country,
        "createdDateTime": "2020-01-01T00:00:00Z",
        "defaultUsageLocation": scenario.tenant.country,
        "preferredLanguage": None,
        "tenantType": "AAD",
        "verifiedDomains": [{**domain, "name": f"{organization.replace('_', '-').lower()}.onmicrosoft.com"}],
    }
