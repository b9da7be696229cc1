"""Makes the text of one very large form, always the same: what years of additions do to the main form of an account. Pure.

About 300 KB, which nobody would want to keep as a file: a dozen tabs, hundreds of bound columns, navigation in many languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from reconciler.emulator.domain.identity import stable_id

LARGE_FORM = "contoso_account_large"
_TABS = (
    ("Summary", "Summary"),
    ("Commercial", "Commercial"),
    ("Credit_Risk", "Credit & risk"),
    ("Contracts", "Contracts"),
    ("Logistics", "Logistics"),
    ("Sustainability", "Sustainability"),
    ("Key_Account_Plan", "Key account plan"),
    ("Legacy_ERP", "Legacy ERP (do not use)"),
    ("Consents", "Consents"),
    ("Hierarchy", "Hierarchy"),
    ("Integration", "Integration"),
    ("Administration", "Administration"),
)
_TOPICS = ("Basics", "Responsibilities", "Amounts", "Dates", "Remarks", "Codes")
_FIELDS = ("Owner", "Segment", "Limit", "Currency", "Valid from", "Valid to", "Status", "Reference", "Remark", "Approved by")
_CLASSES = (
    "{270BD3DB-D9AF-4782-9025-509E298DEC0A}",
    "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}",
    "{533B9E00-756B-4312-95A0-DC888637AC78}",
    "{270BD3DB-D9AF-4782-9025-509E298DEC0A}",
    "{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}",
    "{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}",
    "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}",
    "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}",
    "{E0DECE4B-6FC8-4A8F-A065-082708572369}",
    "{270BD3DB-D9AF-4782-9025-509E298DEC0A}",
)
_LANGUAGES = (1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032, 1033, 1035, 1036, 1037, 1038, 1040, 1041, 1042, 1043, 1044, 1045, 1046)
_LANGUAGES_TOO = (1048, 1049, 1050, 1051, 1053, 1054, 1055, 1057, 1058, 1060, 1061, 1062, 1063, 1066, 1069, 1081, 1086, 1087, 1110, 2052)
_PLACES = ("Activities", "Contacts", "Opportunities", "Invoices", "Orders", "Cases", "Contracts", "Addresses")
_HOST = "{F9A8A302-114E-466A-B582-6771B2AE0D92}"


def large_form() -> str:
    """The FormXml, on one line, as the service sends it."""
    tabs = "".join(_tab(number, name, label) for number, (name, label) in enumerate(_TABS))
    return (
        f'<form headerdensity="HighWithControls" shownavigationbar="true"><tabs showlabels="true">{tabs}</tabs>'
        f"<Navigation><NavBar>{''.join(_navigation())}</NavBar></Navigation>"
        f"<controlDescriptions>{''.join(_description(number) for number in range(len(_TABS)))}</controlDescriptions>"
        '<DisplayConditions Order="4" FallbackForm="false"><Everyone /></DisplayConditions></form>'
    )


def _tab(number: int, name: str, label: str) -> str:
    hidden = ' visible="false"' if name.startswith("Legacy") else ""
    columns = "".join(_column(number, name, side) for side in range(3))
    return (
        f'<tab name="{name}" id="{_id(name)}" IsUserDefined="1" locklevel="0" showlabel="true" expanded="true" '
        f'verticallayout="true"{hidden}>{_labels(label)}<columns>{columns}</columns></tab>'
    )


def _column(number: int, tab: str, side: int) -> str:
    sections = "".join(_section(number, tab, f"{tab}_{_TOPICS[2 * side + half]}", _TOPICS[2 * side + half]) for half in range(2))
    return f'<column width="{33 + side // 2}%"><sections>{sections}</sections></column>'


def _section(number: int, tab: str, name: str, label: str) -> str:
    rows = "".join(_cell(name, field, control) for field, control in zip(_FIELDS, _CLASSES, strict=True))
    if label == "Remarks":
        rows += _host(number, tab)
    return (
        f'<section name="{name}" id="{_id(name)}" IsUserDefined="1" locklevel="0" showlabel="true" showbar="false" layout="varwidth" '
        f'celllabelalignment="Left" celllabelposition="Left" columns="1" labelwidth="115">{_labels(label)}<rows>{rows}</rows></section>'
    )


def _cell(section: str, field: str, control: str) -> str:
    column = f"contoso_{section}_{field}".lower().replace(" ", "")
    return (
        f'<row><cell id="{{{_id(column)}}}" showlabel="true" locklevel="0">{_labels(field)}'
        f'<control id="{column}" classid="{control}" datafieldname="{column}" disabled="false" /></cell></row>'
    )


def _host(number: int, tab: str) -> str:
    """A report of the tab in a code component, as high as six rows."""
    return (
        f'<row><cell locklevel="0" id="{{{_id(tab, "report")}}}" colspan="1" rowspan="6">{_labels("Report")}'
        f'<control id="cc_16628860893{number:02d}" classid="{_HOST}" isunbound="true" uniqueid="{{{_id(tab, "link")}}}" /></cell></row>'
        + "<row />"
        * 5
    )


def _description(number: int) -> str:
    controls = "".join(
        f'<customControl formFactor="{factor}" name="MscrmControls.PowerBIPCFControl"><parameters /></customControl>'
        for factor in (2, 0, 1)
    )
    return f'<controlDescription forControl="{{{_id(_TABS[number][0], "link")}}}">{controls}</controlDescription>'


def _navigation() -> Iterator[str]:
    """Related records, each with its title in forty languages: titles are no labels, and every reader gets all of them."""
    for number, place in enumerate(_PLACES):
        titles = "".join(f'<Title LCID="{code}" Text="{place} ({code})" />' for code in (*_LANGUAGES, *_LANGUAGES_TOO))
        yield (
            f'<NavBarByRelationshipItem RelationshipName="contoso_account_{place.lower()}" Id="nav{place}" Show="true" '
            f'Sequence="{10 * number}"><Titles>{titles}</Titles></NavBarByRelationshipItem>'
        )


def _labels(text: str) -> str:
    return f'<labels><label description={quoteattr(text)} languagecode="1033" /></labels>'


def _id(*names: str) -> str:
    return stable_id(LARGE_FORM, *names)
