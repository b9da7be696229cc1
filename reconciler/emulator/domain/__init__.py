"""The domain half of the embedded Dataverse: what its organizations hold and how Dynamics 365 Sales behaves in them."""

from __future__ import annotations

from pathlib import Path

from reconciler.catalog.book import Catalog
from reconciler.emulator.context import Domain
from reconciler.emulator.domain.sales_domain import SalesDomain


def build_domain(catalog: Catalog, scenarios_folder: Path | None, others: frozenset[str] = frozenset()) -> Domain:
    """The organizations that `scenarios_folder` describes (`<organization>.yaml`), and `others`, which are standard ones.

    Where nothing is described, every name is a standard organization.
    """
    return SalesDomain(catalog, scenarios_folder, others)
