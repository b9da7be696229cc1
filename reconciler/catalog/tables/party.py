"""The columns that an account and a contact have in common, and those of one address. Pure."""

from __future__ import annotations

from reconciler.catalog.table import Column
from reconciler.catalog.tables.columns import choice, flag, text

_MOST_MONEY = 100000000000


def money(name: str, label: str) -> Column:
    """An amount in the currency of the row."""
    return Column(name, "Money", label, minimum=0, maximum=_MOST_MONEY)


def address(number: int) -> tuple[Column, ...]:
    """The columns of the address of that number, all but its city."""
    prefix, label = f"address{number}_", f"Address {number}:"
    return (
        choice(f"{prefix}addresstypecode", f"{label} Address Type", ((1, "Bill To"), (2, "Ship To"), (3, "Primary"), (4, "Other"))),
        text(f"{prefix}name", f"{label} Name", 200),
        text(f"{prefix}line1", f"{label} Street 1", 250),
        text(f"{prefix}line2", f"{label} Street 2", 250),
        text(f"{prefix}line3", f"{label} Street 3", 250),
        text(f"{prefix}stateorprovince", f"{label} State/Province", 50),
        text(f"{prefix}postalcode", f"{label} ZIP/Postal Code", 20),
        text(f"{prefix}country", f"{label} Country/Region", 80),
        text(f"{prefix}county", f"{label} County", 50),
        text(f"{prefix}telephone1", f"{label} Phone", 50),
        Column(f"{prefix}latitude", "Double", f"{label} Latitude", minimum=-90, maximum=90),
        Column(f"{prefix}longitude", "Double", f"{label} Longitude", minimum=-180, maximum=180),
    )


PARTY_COLUMNS = (
    text("fax", "Fax", 50),
    text("telephone3", "Telephone 3", 50),
    text("emailaddress2", "Email Address 2", 100),
    text("emailaddress3", "Email Address 3", 100),
    flag("creditonhold", "Credit Hold"),
    money("creditlimit", "Credit Limit"),
    flag("donotemail", "Do not allow Emails"),
    flag("donotbulkemail", "Do not allow Bulk Emails"),
    flag("donotphone", "Do not allow Phone Calls"),
    flag("donotfax", "Do not allow Faxes"),
    flag("donotpostalmail", "Do not allow Mails"),
    choice(
        "preferredcontactmethodcode",
        "Preferred Method of Contact",
        ((1, "Any"), (2, "Email"), (3, "Phone"), (4, "Fax"), (5, "Mail")),
        default=1,
    ),
    choice("paymenttermscode", "Payment Terms", ((1, "Net 30"), (2, "2% 10, Net 30"), (3, "Net 45"), (4, "Net 60"))),
    choice("shippingmethodcode", "Shipping Method", ((1, "Default Value"),), default=1),
    *address(1),
)
"""Without those whose label differs: telephone1, telephone2, emailaddress1, websiteurl, address1_city."""
