from __future__ import annotations

from xml.etree import ElementTree

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


def test_every_set_of_the_real_domain_is_read_and_described(emulator: EmbeddedDataverse) -> None:
    api = Client(emulator, emulator.token(), "standard")
    names = [entry["name"] for entry in api.get("").body["value"]]
    everything = 'odata.include-annotations="*"'

    assert "organizations" in names
    assert {200} == {api.get(name, Prefer=everything).status for name in names}
    assert len(names) == len(api.get("EntityDefinitions?$expand=Attributes").body["value"])


def test_the_references_of_the_real_metadata_lead_somewhere(emulator: EmbeddedDataverse) -> None:
    root = ElementTree.fromstring(Client(emulator, emulator.token(), "standard").get("$metadata", Accept="application/xml").content)

    types = {node.attrib["Name"] for node in (*root.iter(f"{EDM}EntityType"), *root.iter(f"{EDM}ComplexType"))}
    named = {node.attrib["Type"] for node in [*root.iter(f"{EDM}NavigationProperty"), *root.iter(f"{EDM}ReturnType")]}
    assert {name.removeprefix("Collection(").removesuffix(")").removeprefix("mscrm.") for name in named} <= types
    for entity in root.iter(f"{EDM}EntityType"):
        names = [child.attrib["Name"] for child in entity if "Name" in child.attrib]
        assert sorted(set(names)) == sorted(names)
