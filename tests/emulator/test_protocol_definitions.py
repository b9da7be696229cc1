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
    lookups = {"companyid", "createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby"}
    assert lookups == {attribute["LogicalName"] for attribute in table["Attributes"]}
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
        ("EntityDefinitions(LogicalName='account')/Settings", 501),
        ("EntityDefinitions(LogicalName='account')?$expand=Settings", 501),
        ("EntityDefinitions(LogicalName='account')/Keys(LogicalName='nope')", 404),
        ("EntityDefinitions(LogicalName='account')/Keys(Name='nope')", 400),
        ("EntityDefinitions(LogicalName='account')/Keys?$expand=AsyncJob", 501),
        ("RelationshipDefinitions(SchemaName='nope')", 404),
        ("RelationshipDefinitions/Microsoft.Dynamics.CRM.Nope", 404),
        ("RelationshipDefinitions(SchemaName='account_contacts')/Nope", 501),
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
    types |= {node.attrib["Name"] for node in root.iter(f"{EDM}ComplexType")}
    for node in [*root.iter(f"{EDM}NavigationProperty"), *root.iter(f"{EDM}EntitySet"), *root.iter(f"{EDM}ReturnType")]:
        name = node.attrib.get("Type", node.attrib.get("EntityType", ""))
        assert name.removeprefix("Collection(").removesuffix(")").removeprefix("mscrm.") in types
    bases = {node.attrib["Name"]: (node.attrib.get("BaseType"), node.find(f"{EDM}Key") is None) for node in root.iter(f"{EDM}EntityType")}
    assert (bases["systemuser"], bases["role"]) == (("mscrm.principal", True), ("mscrm.crmbaseentity", False))
    assert {"accounts", "contacts"} <= {node.attrib["Name"] for node in root.iter(f"{EDM}EntitySet")}
    assert {"WhoAmI", "Echo"} == {node.attrib["Name"] for node in root.iter(f"{EDM}FunctionImport")}


def test_metadata_is_not_served_as_json(api: Client) -> None:
    assert api.get("$metadata", Accept="application/json").status == 415
    assert api.get("$metadata", Accept="*/*").status == 200
    assert api("POST", "$metadata", {}).status == 405


def test_every_lookup_says_which_property_holds_its_id_and_which_collection_is_its_partner(api: Client) -> None:
    root = ElementTree.fromstring(api.get("$metadata").content)

    for kind in root.iter(f"{EDM}EntityType"):
        properties = {node.attrib["Name"] for node in kind.iter(f"{EDM}Property")}
        for step in kind.iter(f"{EDM}NavigationProperty"):
            if not step.attrib["Type"].startswith("Collection("):
                constraint = step.find(f"{EDM}ReferentialConstraint")
                assert constraint is not None
                assert constraint.attrib["Property"] in properties
    steps = {
        (kind.attrib["Name"], step.attrib["Name"]): step.attrib.get("Partner")
        for kind in root.iter(f"{EDM}EntityType")
        for step in kind.iter(f"{EDM}NavigationProperty")
    }
    assert steps["contact", "companyid"] == "account_contacts"
    assert steps["account", "account_contacts"] == "companyid"
    assert steps["account", "primarycontactid"] is None
    assert steps["role", "systemuserroles_association"] == "systemuserroles_association"


def test_operations_say_what_they_take_and_give(api: Client) -> None:
    root = ElementTree.fromstring(api.get("$metadata").content)
    complex = {node.attrib["Name"]: node for node in root.iter(f"{EDM}ComplexType")}
    taken = {
        node.attrib["Name"]: [(p.attrib["Name"], p.attrib["Type"]) for p in node.iter(f"{EDM}Parameter")]
        for node in (*root.iter(f"{EDM}Function"), *root.iter(f"{EDM}Action"))
    }
    given = {node.attrib["Name"]: [r.attrib["Type"] for r in node.iter(f"{EDM}ReturnType")] for node in root.iter(f"{EDM}Function")}

    assert taken["Echo"] == [("Text", "Edm.String")]
    assert taken["RetrieveUnpublishedMultiple"] == [("entityset", "Collection(mscrm.page)")]
    assert given["WhoAmI"] == ["mscrm.WhoAmIResponse"]
    assert [node.attrib["Name"] for node in complex["WhoAmIResponse"]] == ["UserId"]
    assert complex["EchoResponse"].attrib["OpenType"] == "true"


@pytest.mark.parametrize("asked", ["query", "header"])
def test_metadata_is_annotated_on_request_only(api: Client, asked: str) -> None:
    annotated = api.get("$metadata?annotations=true") if asked == "query" else api.get("$metadata", Prefer='odata.include-annotations="*"')
    account = next(n for n in ElementTree.fromstring(annotated.content).iter(f"{EDM}EntityType") if n.attrib["Name"] == "account")
    computed = {
        node.attrib["Name"]
        for node in account.iter(f"{EDM}Property")
        for note in node.iter(f"{EDM}Annotation")
        if note.attrib["Term"] == "Org.OData.Core.V1.Computed" and note.attrib["Bool"] == "true"
    }
    paths = [node.attrib["PropertyPath"] for node in account.iter(f"{EDM}PropertyValue") if "PropertyPath" in node.attrib]

    assert {"status", "createdon", "_primarycontactid_value", "_ownerid_value"} <= computed
    assert not {"name", "accountid", "employees"} & computed
    assert paths == ["accountnumber"]
    assert b"Annotation" not in api.get("$metadata").content


def test_alternate_keys_are_told(api: Client) -> None:
    body = api.get("EntityDefinitions(LogicalName='account')/Keys").body

    (key,) = body["value"]
    assert body["@odata.context"].endswith("/$metadata#EntityDefinitions('account')/Keys")
    assert (key["KeyAttributes"], key["EntityKeyIndexStatus"], key["EntityLogicalName"]) == (["accountnumber"], "Active", "account")
    assert key["LogicalName"] == api.get(f"EntityDefinitions(LogicalName='account')/Keys({key['MetadataId']})").body["LogicalName"]
    assert api.get("EntityDefinitions(LogicalName='contact')/Keys").body["value"] == []


def test_a_table_tells_its_relationships_on_either_side(api: Client) -> None:
    account, contact, user = (f"EntityDefinitions(LogicalName='{name}')" for name in ("account", "contact", "systemuser"))
    from_account = {row["SchemaName"]: row for row in api.get(f"{account}/OneToManyRelationships").body["value"]}
    to_account = [
        (row["ReferencingEntity"], row["ReferencingAttribute"], row["ReferencingEntityNavigationPropertyName"])
        for row in api.get(f"{contact}/ManyToOneRelationships?$filter=ReferencedEntity eq 'account'").body["value"]
    ]
    (pair,) = api.get(f"{user}/ManyToManyRelationships").body["value"]

    known = from_account["account_contacts"]
    assert (known["ReferencedEntity"], known["ReferencedAttribute"], known["ReferencedEntityNavigationPropertyName"]) == (
        "account",
        "accountid",
        "account_contacts",
    )
    assert to_account == [("contact", "companyid", "companyid")]
    assert "@odata.type" not in known
    assert (pair["IntersectEntityName"], pair["Entity1LogicalName"], pair["Entity2LogicalName"]) == (
        "systemuserroles",
        "systemuser",
        "role",
    )


def test_relationships_are_listed_with_their_types_and_found_by_name(api: Client) -> None:
    one = api.get("RelationshipDefinitions(SchemaName='account_contacts')").body
    kinds = {row["SchemaName"]: row["@odata.type"] for row in api.get("RelationshipDefinitions").body["value"]}
    narrowed = api.get("RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=SchemaName").body
    enumerated = api.get(
        "RelationshipDefinitions?$filter=RelationshipType eq Microsoft.Dynamics.CRM.RelationshipType'ManyToManyRelationship'"
    ).body

    assert one["@odata.context"].endswith("/$metadata#RelationshipDefinitions/$entity")
    assert one["@odata.type"] == kinds["account_contacts"] == "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata"
    assert kinds["systemuserroles_association"] == "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata"
    assert [set(row) for row in narrowed["value"]] == [{"MetadataId", "SchemaName"}]
    assert [row["SchemaName"] for row in enumerated["value"]] == ["systemuserroles_association"]
    assert api("POST", "RelationshipDefinitions", {}).status == 501


def test_what_is_expanded_with_a_table_stands_in_its_context(api: Client) -> None:
    reply = api.get(
        "EntityDefinitions(LogicalName='account')?$select=LogicalName&$expand=Keys,OneToManyRelationships($select=SchemaName),"
        "ManyToOneRelationships,ManyToManyRelationships"
    ).body

    assert reply["@odata.context"].endswith(
        "#EntityDefinitions(LogicalName,Keys(),OneToManyRelationships(SchemaName),ManyToOneRelationships(),ManyToManyRelationships())/$entity"
    )
    assert set(reply["OneToManyRelationships"][0]) == {"MetadataId", "SchemaName"}
    assert len(reply["Keys"]) == 1
    assert reply["ManyToManyRelationships"] == []


def test_a_column_is_found_by_id_and_has_no_global_choices(api: Client) -> None:
    table = "EntityDefinitions(LogicalName='account')"
    name = api.get(f"{table}/Attributes(LogicalName='name')?$select=AttributeOf,AttributeTypeName").body
    picklist = api.get(f"{table}/{PICKLISTS}?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet").body["value"][0]

    assert (name["AttributeOf"], name["AttributeTypeName"]) == (None, {"Value": "StringType"})
    assert api.get(f"{table}/Attributes({name['MetadataId']})").body["LogicalName"] == "name"
    assert len(picklist["OptionSet"]["Options"]) == 2
    assert picklist["GlobalOptionSet"] is None
