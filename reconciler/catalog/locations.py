"""Where Exchange data has to be for insights from it (generation native-exchange). Pure.

Source: MicrosoftDocs/dynamics-365-customer-engagement, ce/sales/enable-ri.md (168e2e23562e, 2022-08-19). Lists change between
versions of the page, so this one carries its date.
"""

from __future__ import annotations

AS_OF = "2022-08-19"

LOCATIONS = (
    ("EMEA", ("AT", "FI", "FR", "GB", "IE", "NL")),
    ("Asia Pacific", ("HK", "JP", "MY", "SG", "KR")),
    ("Americas", ("BR", "CL", "US")),
)


def geography(country: str) -> str | None:
    """The geography that covers an ISO 3166 country code, or None when Exchange data cannot be used there."""
    return next((name for name, countries in LOCATIONS if country.upper() in countries), None)
