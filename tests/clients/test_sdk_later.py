"""Microsoft's SDK for Python, the asynchronous client: another HTTP library under the same methods."""

from __future__ import annotations

import asyncio
import uuid

from PowerPlatform.Dataverse.models.filters import col

from tests.clients.serving import Served


async def _story(served: Served, tag: str) -> None:
    # aiohttp reads SSL_CERT_FILE when it is imported, and that is set when the emulator runs.
    from azure.identity.aio import ClientSecretCredential
    from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient

    credential = ClientSecretCredential(
        served.tenant, served.client_id, served.secret, authority=served.authority, disable_instance_discovery=True
    )
    async with credential, AsyncDataverseClient(served.url("later"), credential) as client:
        id = await client.records.create("account", {"name": f"A {tag}", "industrycode": "Insurance"})
        await client.records.update("account", id, {"telephone1": "2"})
        row = await client.records.retrieve("account", id, select=["name", "telephone1", "industrycode"])
        assert row is not None
        assert (row["name"], row["telephone1"], row["industrycode"]) == (f"A {tag}", "2", 20)

        await client.records.create("account", [{"name": f"{number} {tag}"} for number in range(4)])
        pages = [len(list(page)) async for page in client.records.list_pages("account", filter=f"endswith(name,'{tag}')", page_size=2)]
        assert pages == [2, 2, 1]
        query = client.query.builder("account").select("name").where(col("name").endswith(tag)).order_by("name")
        assert next(found["name"] for found in await query.execute()) == f"0 {tag}"

        batch = client.batch.new()
        async with batch.changeset() as changes:
            person = changes.records.create("contact", {"lastname": tag})
            changes.records.create("account", {"name": f"B {tag}", "primarycontactid@odata.bind": person})
        batch.records.delete("account", id)
        assert [answer.status_code for answer in (await batch.execute()).responses] == [204, 204, 204]

        made = await asyncio.gather(*(client.records.create("account", {"name": f"many {tag}"}) for _ in range(20)))
        assert len(set(made)) == 20
        table = await client.tables.get("account")
        assert table is not None
        assert table.entity_set_name == "accounts"


def test_the_asynchronous_client_does_the_same(tls: Served) -> None:
    asyncio.run(_story(tls, uuid.uuid4().hex[:8]))
