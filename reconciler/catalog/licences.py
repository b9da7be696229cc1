"""The products and service plans that decide whether an organization may have the premium features. Pure.

Source: Microsoft's table of product names and service plan identifiers, as copied in KelvinTegelaar/CIPP-API,
Config/ConversionTable.csv (adf32422a216). A product that is not listed here can carry the plans too: what counts is the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

PLANS = {
    "DYN365_SALES_INSIGHTS": "fedc185f-0711-4cc0-80ed-0a92da1a8384",
    "DYN365_SALES_INSIGHTS_VIRAL_TRIAL": "456747c0-cf1e-4b0d-940f-703a01b964cc",
    "DYN365_ENTERPRISE_SALES": "2da8e897-7791-486b-b08f-cc63c8129df7",
    "DYN365_SALES_ENTERPRISE_VIRAL_TRIAL": "7f636c80-0961-41b2-94da-9642ccf02de0",
    "EXCHANGE_S_STANDARD": "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
    "EXCHANGE_S_ENTERPRISE": "efb87545-963c-4e0d-99df-69c6916d9eb0",
    "EXCHANGE_S_FOUNDATION": "113feb6c-3fe4-4440-bddc-54d774bf0318",
}
"""Service plans by name. EXCHANGE_S_FOUNDATION is no mailbox."""

INSIGHTS_PLANS = ("DYN365_SALES_INSIGHTS", "DYN365_SALES_INSIGHTS_VIRAL_TRIAL")
"""Either of these makes a product good enough for the premium features."""

USABLE = ("Enabled", "Warning")
"""Values of `capabilityStatus` of a subscription that works; Suspended, Deleted and LockedOut do not (Warning: it is about to end)."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold: its string id, its id, and the names of those of its plans that matter here."""

    part_number: str
    id: str
    plans: tuple[str, ...]


PRODUCTS = (
    Product(
        "DYN365_SALES_PREMIUM",
        "2edaa1dc-966d-4475-93d6-8ee8dfd96877",
        ("DYN365_SALES_INSIGHTS", "DYN365_ENTERPRISE_SALES", "EXCHANGE_S_FOUNDATION"),
    ),
    Product(
        "Dynamics_365_Sales_Premium_Viral_Trial",
        "6ec92958-3cc1-49db-95bd-bc6b3798df71",
        ("DYN365_SALES_INSIGHTS_VIRAL_TRIAL", "DYN365_SALES_ENTERPRISE_VIRAL_TRIAL", "EXCHANGE_S_FOUNDATION"),
    ),
    Product("DYN365_ENTERPRISE_SALES", "1e1a282c-9c54-43a2-9310-98ef728faace", ("DYN365_ENTERPRISE_SALES", "EXCHANGE_S_FOUNDATION")),
    Product("D365_SALES_PRO", "be9f9771-1c64-4618-9907-244325141096", ("EXCHANGE_S_FOUNDATION",)),
    Product("DYN365_ ENTERPRISE _RELATIONSHIP_SALES", "4f05b1a3-a978-462c-b93f-781c6bee998f", ("EXCHANGE_S_FOUNDATION",)),
)
"""Products of Dynamics 365 Sales; the spaces in the last one's string id are Microsoft's."""


def product(part_number: str) -> Product | None:
    """The product of that string id, or None."""
    return next((found for found in PRODUCTS if found.part_number == part_number), None)
