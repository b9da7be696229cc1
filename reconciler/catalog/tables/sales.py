"""The four tables of sales that carry relationship insights. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Column, Option, Table
from reconciler.catalog.tables.columns import choice, key, lookup, memo, text, whole
from reconciler.catalog.tables.party import PARTY_COLUMNS, money

_ENTITIES = Source("MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities", "2026-05")
_SALES = Source("MicrosoftDocs/dynamics-365-customer-engagement, ce/developer/reference/entities", "2026-05")
_INDUSTRIES = tuple(
    enumerate(
        (
            "Accounting",
            "Agriculture and Non-petrol Natural Resource Extraction",
            "Broadcasting Printing and Publishing",
            "Brokers",
            "Building Supply Retail",
            "Business Services",
            "Consulting",
            "Consumer Services",
            "Design, Direction and Creative Management",
            "Distributors, Dispatchers and Processors",
            "Doctor's Offices and Clinics",
            "Durable Manufacturing",
            "Eating and Drinking Places",
            "Entertainment Retail",
            "Equipment Rental and Leasing",
            "Financial",
            "Food and Tobacco Processing",
            "Inbound Capital Intensive Processing",
            "Inbound Repair and Services",
            "Insurance",
            "Legal Services",
            "Non-Durable Merchandise Retail",
            "Outbound Consumer Service",
            "Petrochemical Extraction and Distribution",
            "Service Retail",
            "SIG Affiliations",
            "Social Services",
            "Special Outbound Trade Contractors",
            "Specialty Realty",
            "Transportation",
            "Utility Creation and Distribution",
            "Vehicle Retail",
            "Wholesale",
        ),
        1,
    )
)


def _state(*labels: str) -> Column:
    return Column("statecode", "State", "Status", options=tuple(Option(value, label) for value, label in enumerate(labels)), default=0)


def _status(*reasons: tuple[str, int]) -> Column:
    choices = tuple(Option(value, label, state) for value, (label, state) in enumerate(reasons, 1))
    return Column("statuscode", "Status", "Status Reason", options=choices, default=1)


ACCOUNT = Table(
    name="account",
    entity_set="accounts",
    primary_id="accountid",
    primary_name="name",
    label="Account",
    source=_ENTITIES,
    ownership="UserOwned",
    keys=(("accountnumber",),),
    columns=(
        key("accountid", "Account"),
        text("name", "Account Name", 160, required=True),
        text("accountnumber", "Account Number", 20),
        text("emailaddress1", "Email", 100),
        text("telephone1", "Main Phone", 50),
        text("telephone2", "Other Phone", 50),
        text("websiteurl", "Website", 200),
        text("address1_city", "Address 1: City", 80),
        choice("industrycode", "Industry", _INDUSTRIES),
        choice("accountcategorycode", "Category", ((1, "Preferred Customer"), (2, "Standard"))),
        choice("accountclassificationcode", "Classification", ((1, "Default Value"),), default=1),
        choice("accountratingcode", "Account Rating", ((1, "Default Value"),), default=1),
        choice("customersizecode", "Customer Size", ((1, "Default Value"),), default=1),
        choice("ownershipcode", "Ownership", ((1, "Public"), (2, "Private"), (3, "Subsidiary"), (4, "Other"))),
        text("sic", "SIC Code", 20),
        text("tickersymbol", "Ticker Symbol", 10),
        text("stockexchange", "Stock Exchange", 20),
        whole("sharesoutstanding", "Shares Outstanding", 0, 1000000000),
        money("marketcap", "Market Capitalization"),
        *PARTY_COLUMNS,
        whole("numberofemployees", "Number of Employees", 0, 1000000000),
        money("revenue", "Annual Revenue"),
        memo("description", "Description", 2000),
        lookup("primarycontactid", "Primary Contact", "contact", collections=("account_primary_contact",)),
        lookup("parentaccountid", "Parent Account", "account", collections=("account_parent_account",)),
    ),
)

CONTACT = Table(
    name="contact",
    entity_set="contacts",
    primary_id="contactid",
    primary_name="fullname",
    label="Contact",
    source=_ENTITIES,
    ownership="UserOwned",
    columns=(
        key("contactid", "Contact"),
        text("fullname", "Full Name", 160),
        text("firstname", "First Name", 50),
        text("lastname", "Last Name", 50, required=True),
        text("jobtitle", "Job Title", 100),
        text("emailaddress1", "Email", 100),
        text("telephone1", "Business Phone", 50),
        text("telephone2", "Home Phone", 50),
        text("mobilephone", "Mobile Phone", 50),
        text("websiteurl", "Website", 200),
        text("salutation", "Salutation", 100),
        text("middlename", "Middle Name", 50),
        text("suffix", "Suffix", 10),
        text("nickname", "Nickname", 100),
        text("department", "Department", 100),
        text("managername", "Manager", 100),
        text("assistantname", "Assistant", 100),
        text("spousesname", "Spouse/Partner Name", 100),
        choice("gendercode", "Gender", ((1, "Male"), (2, "Female"))),
        choice("familystatuscode", "Marital Status", ((1, "Single"), (2, "Married"), (3, "Divorced"), (4, "Widowed"))),
        choice("accountrolecode", "Role", ((1, "Decision Maker"), (2, "Employee"), (3, "Influencer"))),
        money("annualincome", "Annual Income"),
        *PARTY_COLUMNS,
        text("address1_city", "Address 1: City", 80),
        memo("description", "Description", 2000),
        lookup(
            "parentcustomerid", "Company Name", "account", "contact", collections=("contact_customer_accounts", "contact_customer_contacts")
        ),
    ),
)

LEAD = Table(
    name="lead",
    entity_set="leads",
    primary_id="leadid",
    primary_name="fullname",
    label="Lead",
    source=_SALES,
    ownership="UserOwned",
    columns=(
        key("leadid", "Lead"),
        text("fullname", "Name", 160),
        text("subject", "Topic", 300, required=True),
        text("firstname", "First Name", 50),
        text("lastname", "Last Name", 50),
        text("companyname", "Company Name", 100),
        text("jobtitle", "Job Title", 100),
        text("emailaddress1", "Email", 100),
        text("telephone1", "Business Phone", 50),
        choice("industrycode", "Industry", _INDUSTRIES),
        choice("leadqualitycode", "Rating", ((1, "Hot"), (2, "Warm"), (3, "Cold")), default=2),
        lookup("parentcontactid", "Parent Contact for lead", "contact", collections=("lead_parent_contact",)),
        lookup("parentaccountid", "Parent Account for lead", "account", collections=("lead_parent_account",)),
        _state("Open", "Qualified", "Disqualified"),
        _status(
            ("New", 0),
            ("Contacted", 0),
            ("Qualified", 1),
            ("Lost", 2),
            ("Cannot Contact", 2),
            ("No Longer Interested", 2),
            ("Canceled", 2),
        ),
    ),
)

OPPORTUNITY = Table(
    name="opportunity",
    entity_set="opportunities",
    primary_id="opportunityid",
    primary_name="name",
    label="Opportunity",
    source=_SALES,
    ownership="UserOwned",
    columns=(
        key("opportunityid", "Opportunity"),
        text("name", "Topic", 300, required=True),
        money("estimatedvalue", "Est. Revenue"),
        Column("estimatedclosedate", "DateTime", "Est. Close Date"),
        whole("closeprobability", "Probability", 0, 100),
        memo("description", "Description", 2000),
        lookup("parentcontactid", "Contact", "contact", collections=("opportunity_parent_contact",)),
        lookup("parentaccountid", "Account", "account", collections=("opportunity_parent_account",)),
        _state("Open", "Won", "Lost"),
        _status(("In Progress", 0), ("On Hold", 0), ("Won", 1), ("Canceled", 2), ("Out-Sold", 2)),
    ),
)

SALES_TABLES = (ACCOUNT, CONTACT, LEAD, OPPORTUNITY)
"""The tables on whose forms the widgets stand."""
