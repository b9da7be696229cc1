"""Answers subscribedSkus, organization and the licences of a user, as Microsoft Graph v1.0 would. Reads scenarios through the domain.

In Microsoft Graph a tenant is told by the token. Here every organization has a tenant's directory of its own, so its name stands before
/graph/v1.0/ in the path, as it stands before /api/data/.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from reconciler.emulator.context import DataverseError, Domain
from reconciler.emulator.domain.tenant_directory import Resource, TenantDirectory
from reconciler.emulator.graph import errors
from reconciler.emulator.messages import Answer

AUDIENCE = "https://graph.microsoft.com"
PATH = re.compile(r"^(?:/(?P<organization>[^/]+))?/graph/(?P<version>v1\.0|beta)(?:/(?P<resource>.*))?$", re.IGNORECASE)

_LICENCES = ("LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All")
_TENANT = ("Organization.Read.All", "Directory.Read.All")
_USERS = ("LicenseAssignment.Read.All", "User.Read.All", "Directory.Read.All")
_DETAILS = re.compile(r"users/(?P<user>[^/]+)/licenseDetails", re.IGNORECASE)
_SKU = re.compile(r"subscribedSkus(?:/(?P<sku>[^/]+)|\('(?P<quoted>[^']+)'\))", re.IGNORECASE)


def answer(domain: Domain, organization: str, method: str, address: str, resource: str, query: str) -> Answer:
    """The answer to one request whose token is good. `address` is the root up to the version, `resource` what follows it."""
    try:
        directory: TenantDirectory = domain.settings(organization)["directory"]()
    except DataverseError as error:
        return errors.refusal(error.status, "Request_ResourceNotFound", error.message)
    if method != "GET":
        return errors.not_emulated(f"{method} {resource}")
    if address.endswith("/beta"):
        return errors.not_emulated("the beta version")
    options = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
    unknown = sorted(set(options) - {"$select"})
    if unknown:
        return errors.bad_request(f"The query option '{unknown[0][:80]}' is not supported by this resource.")
    select = tuple(name.strip() for name in options.get("$select", "").split(",") if name.strip())
    return _told(directory, address, unquote(resource), select)


def _told(directory: TenantDirectory, address: str, resource: str, select: tuple[str, ...]) -> Answer:
    name = resource.lower()
    if name == "subscribedskus":
        return _allowed(directory, _LICENCES) or _many(address, "subscribedSkus", directory.subscribed_skus, select)
    if name == "organization":
        return _allowed(directory, _TENANT) or _many(address, "organization", (directory.organization,), select)
    one = _SKU.fullmatch(resource)
    if one is not None:
        return _allowed(directory, _LICENCES) or _subscription(directory, address, one["sku"] or one["quoted"], select)
    user = _DETAILS.fullmatch(resource)
    if user is not None:
        return _allowed(directory, _USERS) or _licences(directory, address, user["user"], select)
    return errors.not_emulated(resource)


def _allowed(directory: TenantDirectory, accepted: tuple[str, ...]) -> Answer | None:
    return None if directory.permissions.intersection(accepted) else errors.not_allowed()


def _licences(directory: TenantDirectory, address: str, user: str, select: tuple[str, ...]) -> Answer:
    found = directory.licences.get(user.lower())
    return errors.missing(user) if found is None else _many(address, f"users('{user}')/licenseDetails", found, select)


def _subscription(directory: TenantDirectory, address: str, id: str, select: tuple[str, ...]) -> Answer:
    found = next((sku for sku in directory.subscribed_skus if sku["id"] == id.lower()), None)
    if found is None:
        return errors.missing(id)
    return Answer(200, {"@odata.context": f"{address}/$metadata#subscribedSkus/$entity", **_selected(found, select)}, _JSON)


def _many(address: str, name: str, resources: tuple[Resource, ...], select: tuple[str, ...]) -> Answer:
    parts = f"({','.join(select)})" if select else ""
    body: dict[str, Any] = {"@odata.context": f"{address}/$metadata#{name}{parts}"}
    return Answer(200, {**body, "value": [_selected(resource, select) for resource in resources]}, _JSON)


def _selected(resource: Resource, select: tuple[str, ...]) -> Resource:
    return {name: value for name, value in resource.items() if not select or name in select}


_JSON = {"content-type": "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"}
