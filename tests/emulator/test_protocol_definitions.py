from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from tests.emulator.wire import Client

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
PICKLISTS = "Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"


def test_a_table_is_found_by_name_by_id_and_by_filter(api: Client) -> None:
    by_name = api.get("EntityDefinitions(LogicalName=%27account%27)".replace("%27", "'")).body
    by_id = api.get(f"EntityDefinitions({by_name['MetadataId']})?$select=LogicalName").body
    listed = api.get("EntityDefinitions?$select=MetadataId,LogicalName,EntitySetName&$filter=LogicalName eq 'account'").body

    assert (
        by_name["EntitySetName"],
        by_name["PrimaryIdAttribute"],
        by_name["PrimaryNameAttribute"],
    ) == ("accounts", "accountid", "name")
    assert by_name["IsOptimisticConcurrencyEnabled"] is True
    assert by_name["ChangeTrackingEnabled"] is True
    assert {"@odata.context", "MetadataId", "LogicalName"} == set(by_id)
    assert [table["LogicalName"] for table in listed["value"]] == ["account"]
    assert by_name["MetadataId"] == listed["value"][0]["MetadataId"]
    assert len(api.get("EntityDefinitions").body["value"]) == 6
    assert api.get("EntityDefinitions(LogicalName='contact')").body["IsOptimisticConcurrencyEnabled"] is False


def test_attributes_carry_a_type_only_when_it_is_derived(api: Client) -> None:
    attributes = api.get("EntityDefinitions(LogicalName='account')/Attributes").body["value"]
    by_name = {attribute["LogicalName"]: attribute for attribute in attributes}

    assert "@odata.type" not in by_name["accountid"]
    assert by_name["name"]["@odata.type"] == "#Microsoft.Dynamics.CRM.StringAttributeMetadata"
    assert by_name["ownerid"]["@odata.type"] == "#Microsoft.Dynamics.CRM.LookupAttributeMetadata"
    assert by_name["primarycontactid"]["Targets"] == ["contact"]
    assert (by_name["employees"]["MinValue"], by_name["employees"]["MaxValue"]) == (0, 10_000)
    assert by_name["creditonhold"]["RequiredLevel"]["Value"] == "SystemRequired"
    assert by_name["status"]["IsValidForUpdate"] is False


def test_one_attribute_and_its_choices_are_read_through_the_cast(api: Client) -> None:
    one = api.get("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')?$select=LogicalName,AttributeType").body
    cast = api.get(f"EntityDefinitions(LogicalName='account')/{PICKLISTS}?$select=LogicalName&$expand=OptionSet($select=Options)").body
    single = api.get(
        "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')"
        "/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet"
    ).body

    assert one["AttributeType"] == "Picklist"
    assert [attribute["LogicalName"] for attribute in cast["value"]] == ["industrycode"]
    options = cast["value"][0]["OptionSet"]
    assert {"MetadataId", "Options"} == set(options)
    assert [(option["Value"], option["Label"]["UserLocalizedLabel"]["Label"]) for option in options["Options"]] == [
        (1, "Accounting"),
        (2, "Agriculture"),
    ]
    assert single["OptionSet"]["Name"] == "account_industrycode"


def test_attributes_are_expanded_with_their_own_options(api: Client) -> None:
    reply = api.get(
        "EntityDefinitions?$select=LogicalName&$filter=LogicalName eq 'contact'"
        "&$expand=Attributes($select=LogicalName,AttributeType;$filter=AttributeType eq 'Lookup')"
    )

    (table,) = reply.body["value"]
    assert {"companyid", "createdby", "modifiedby"} == {attribute["LogicalName"] for attribute in table["Attributes"]}
    assert {"@odata.type", "MetadataId", "LogicalName", "AttributeType"} == set(table["Attributes"][0])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("EntityDefinitions(LogicalName='nope')", 404),
        ("EntityDefinitions(nope)", 404),
        ("EntityDefinitions(00000000-0000-0000-0000-00000000dead)", 404),
        ("EntityDefinitions/Attributes", 404),
        ("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='nope')", 404),
        (
            f"EntityDefinitions(LogicalName='account')/{PICKLISTS.replace('Attributes', chr(65) + 'ttributes(LogicalName=%27name%27)', 1)}",
            404,
        ),
        ("EntityDefinitions(LogicalName='account')/Keys", 501),
        ("EntityDefinitions(LogicalName='account')?$expand=Keys", 501),
        ("EntityDefinitions(LogicalName='account')?$select=Nope", 501),
        ("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/OptionSet", 501),
        ("EntityDefinitions(LogicalName='account')/Attributes?$expand=OptionSet", 400),
        ("EntityDefinitions?$filter=Nope eq 1", 400),
    ],
)
def test_what_is_unknown_or_not_emulated_says_so(api: Client, path: str, status: int) -> None:
    assert status == api.get(path.replace("%27", "'")).status


def test_tables_cannot_be_changed(api: Client) -> None:
    assert api("POST", "EntityDefinitions", {}).status == 501


def test_the_service_document_lists_every_set(api: Client) -> None:
    body = api.get("").body

    assert body["@odata.context"].endswith("/api/data/v9.2/$metadata")
    assert {"name": "accounts", "kind": "EntitySet", "url": "accounts"} in body["value"]
    assert api("POST", "", {}).status == 405


def test_metadata_is_csdl_whose_references_all_lead_somewhere(api: Client) -> None:
    reply = api.get("$metadata", Accept="application/xml")

    assert reply.headers["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(reply.content)
    types = {node.attrib["Name"] for node in root.iter(f"{EDM}EntityType")}
    assert {"account", "contact", "principal", "crmbaseentity"} <= types
    for node in [*root.iter(f"{EDM}NavigationProperty"), *root.iter(f"{EDM}EntitySet"), *root.iter(f"{EDM}ReturnType")]:
        name = node.attrib.get("Type", node.attrib.get("EntityType", ""))
        assert name.removeprefix("Collection(").removesuffix(")").removeprefix("mscrm.") in types
    assert {"accounts", "contacts"} <= {node.attrib["Name"] for node in root.iter(f"{EDM}EntitySet")}
    assert {"WhoAmI", "Echo"} == {node.attrib["Name"] for node in root.iter(f"{EDM}FunctionImport")}


def test_metadata_is_not_served_as_json(api: Client) -> None:
    assert api.get("$metadata", Accept="application/json").status == 415
    assert api.get("$metadata", Accept="*/*").status == 200
    assert api("POST", "$metadata", {}).status == 405
