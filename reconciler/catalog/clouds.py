"""The clouds: which hosts belong to each, and who signs people in there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.desired import Cloud


@dataclass(frozen=True, slots=True)
class CloudFacts:
    """Host suffixes of Dataverse environments and the authority of Entra ID.

    Sources: microsoft/PowerPlatform-DataverseServiceClient DiscoveryServers.cs (03fa4d1); MicrosoftDocs/power-platform
    new-datacenter-regions.md (0b36efb); microsoft/terraform-provider-power-platform constants.go (57ba091).
    """

    name: Cloud
    host_suffixes: tuple[str, ...]
    authority: str


CLOUDS = (
    CloudFacts("public", (".dynamics.com",), "https://login.microsoftonline.com"),
    CloudFacts("gcc", (".crm9.dynamics.com",), "https://login.microsoftonline.com"),
    CloudFacts("gcc-high", (".crm.microsoftdynamics.us",), "https://login.microsoftonline.us"),
    CloudFacts("dod", (".crm.appsplatform.us",), "https://login.microsoftonline.us"),
    CloudFacts("china", (".crm.dynamics.cn",), "https://login.chinacloudapi.cn"),
)


def cloud(name: Cloud) -> CloudFacts:
    """The facts of that cloud."""
    return next(facts for facts in CLOUDS if facts.name == name)
