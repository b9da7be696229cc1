// dynamics-web-api against the embedded Dataverse at DATAVERSE_URL; each test makes the rows that it needs.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { DynamicsWebApi } from "dynamics-web-api";

const serverUrl = process.env.DATAVERSE_URL;
const api = new DynamicsWebApi({ serverUrl, dataApi: { version: "9.2" }, onTokenRefresh: async () => process.env.DATAVERSE_TOKEN });
const mark = () => randomUUID().slice(0, 8);
const account = (data) => api.create({ collection: "accounts", data });
const read = (key, ...select) => api.retrieve({ collection: "accounts", key, select });
const named = async (tag) =>
  (await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `endswith(name,'${tag}')`, orderBy: ["name"] })).value.map((row) => row.name);
const refused = (status, code) => (error) => (assert.equal(error.status, status), assert.equal(error.code, code), true);

test("functions without and with parameters", async () => {
  const me = await api.callFunction("WhoAmI");
  assert.match(me.UserId, /^[0-9a-f-]{36}$/);
  assert.match((await api.callFunction({ name: "RetrieveVersion" })).Version, /^9\.2\./);
  const parameters = { AccessType: "Microsoft.Dynamics.CRM.EndpointAccessType'Default'" };
  assert.ok((await api.callFunction({ name: "RetrieveCurrentOrganization", parameters })).Detail.OrganizationId);
  const name = "Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames";
  const found = await api.callFunction({ collection: "systemusers", key: me.UserId, name, parameters: { PrivilegeNames: ["prvReadAccount"] } });
  assert.equal(found.RolePrivileges.length, 1);
});

test("an action", async () => { await api.callAction({ actionName: "PublishAllXml" }); });

test("create, also with the row in return", async () => {
  const tag = mark();
  assert.match(await account({ name: tag, industrycode: 1 }), /^[0-9a-f-]{36}$/);
  const row = await api.create({ collection: "accounts", data: { name: tag, revenue: 12.5 }, returnRepresentation: true, select: ["name", "revenue"] });
  assert.equal(row.revenue, 12.5);
  assert.ok(row.accountid);
});

test("retrieve with expansions", async () => {
  const tag = mark(), key = await account({ name: tag });
  await api.create({ collection: "contacts", data: { lastname: tag, "parentcustomerid_account@odata.bind": `accounts(${key})` } });
  const expand = [
    { property: "primarycontactid", select: ["fullname"] },
    { property: "contact_customer_accounts", select: ["lastname"], filter: "lastname ne null", top: 5, orderBy: ["lastname desc"] },
  ];
  const row = await api.retrieve({ collection: "accounts", key, select: ["name"], expand });
  assert.equal(row.primarycontactid, null);
  assert.deepEqual(row.contact_customer_accounts.map((one) => one.lastname), [tag]);
});

test("annotations of a lookup", async () => {
  const tag = mark(), parent = await account({ name: tag });
  const key = await api.create({ collection: "contacts", data: { lastname: tag, "parentcustomerid_account@odata.bind": `accounts(${parent})` } });
  const row = await api.retrieve({ collection: "contacts", key, includeAnnotations: "*" });
  assert.equal(row._parentcustomerid_value_LogicalName, "account");
  assert.equal(row._parentcustomerid_value_Formatted, tag);
  assert.equal(row._parentcustomerid_value_NavigationProperty, "parentcustomerid_account");
});

test("an unchanged row is not sent again", async () => {
  const key = await account({ name: mark() }), row = await read(key, "name");
  assert.equal(await api.retrieve({ collection: "accounts", key, select: ["name"], ifnonematch: row["@odata.etag"] }), undefined);
});

test("update, also with the row in return", async () => {
  const key = await account({ name: mark() });
  assert.equal(await api.update({ collection: "accounts", key, data: { telephone1: "1" } }), true);
  const row = await api.update({ collection: "accounts", key, data: { telephone1: "2" }, returnRepresentation: true, select: ["telephone1"] });
  assert.equal(row.telephone1, "2");
});

test("update only of the version that was read", async () => {
  const key = await account({ name: mark() }), row = await read(key, "name");
  assert.equal(await api.update({ collection: "accounts", key, data: { telephone1: "4" }, ifmatch: row["@odata.etag"] }), true);
  assert.equal(await api.update({ collection: "accounts", key, data: { telephone1: "5" }, ifmatch: row["@odata.etag"] }), false);
  assert.equal((await read(key, "telephone1")).telephone1, "4");
});

test("of many writers of one version exactly one wins", async () => {
  const key = await account({ name: mark() }), row = await read(key, "name");
  const update = (number) => api.update({ collection: "accounts", key, data: { telephone1: `${number}` }, ifmatch: row["@odata.etag"] });
  const won = await Promise.all(Array.from({ length: 10 }, (_, number) => update(number)));
  assert.equal(won.filter(Boolean).length, 1);
});

test("a missing row", async () => {
  const request = { collection: "accounts", key: randomUUID(), data: { name: "x" } };
  await assert.rejects(api.update(request), refused(404, "0x80040217"));
  await assert.rejects(api.retrieve({ collection: "accounts", key: randomUUID(), select: ["name"] }), refused(404, "0x80040217"));
});

test("a single property", async () => {
  const key = await account({ name: mark() });
  await api.updateSingleProperty({ collection: "accounts", key, fieldValuePair: { name: "P" } });
  await api.updateSingleProperty({ collection: "accounts", key, fieldValuePair: { telephone1: "7" } });
  assert.equal(await api.deleteRecord({ collection: "accounts", key, property: "telephone1" }), true);
  const row = await read(key, "name", "telephone1");
  assert.deepEqual([row.name, row.telephone1], ["P", null]);
});

test("upsert", async () => {
  const key = randomUUID();
  await api.upsert({ collection: "accounts", key, data: { name: "U" } });
  assert.equal(await api.upsert({ collection: "accounts", key, data: { name: "V" }, ifnonematch: "*" }), null);
  assert.equal((await read(key, "name")).name, "U");
  const nowhere = randomUUID();
  assert.equal(await api.upsert({ collection: "accounts", key: nowhere, data: { name: "U" }, ifmatch: "*" }), null);
});

test("an alternate key", async () => {
  const tag = mark(), key = `accountnumber='${tag}'`;
  await api.upsert({ collection: "accounts", key, data: { name: tag } });
  const row = await api.upsert({ collection: "accounts", key, data: { telephone1: "7" }, returnRepresentation: true, select: ["name", "telephone1"] });
  assert.deepEqual([row.name, row.telephone1], [tag, "7"]);
  assert.equal((await api.retrieve({ collection: "accounts", key, select: ["name"] })).name, tag);
  await assert.rejects(account({ name: "again", accountnumber: tag }), refused(412, "0x80060892"));
});

test("queries", async () => {
  const tag = mark();
  for (const number of [1, 2, 3]) await account({ name: `${number} ${tag}`, industrycode: number === 1 ? 1 : 7 });
  const filter = `endswith(name,'${tag}')`, base = { collection: "accounts", select: ["name"], filter };
  const top = await api.retrieveMultiple({ ...base, orderBy: ["name desc"], top: 2, count: true });
  assert.deepEqual([top.oDataCount, top.value.map((row) => row.name)], [3, [`3 ${tag}`, `2 ${tag}`]]);
  assert.equal((await api.retrieveAll(base)).value.length, 3);
  assert.equal(await api.count({ collection: "accounts", filter }), 3);
  assert.equal(await api.countAll(base), 3);
  const found = await api.retrieveMultiple({ ...base, filter: `${filter} and Microsoft.Dynamics.CRM.In(PropertyName='industrycode',PropertyValues=["1"])` });
  assert.equal(found.value.length, 1);
  const applied = await api.retrieveMultiple({ collection: "accounts", apply: "aggregate($count as total)" }).catch((error) => error);
  assert.ok(applied.status === 501 || applied.value);
});

test("pages", async () => {
  const tag = mark(), sizes = [];
  for (const number of [1, 2, 3, 4, 5]) await account({ name: `${number} ${tag}` });
  let page = await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `endswith(name,'${tag}')`, maxPageSize: 2 });
  sizes.push(page.value.length);
  while (page.oDataNextLink) {
    page = await api.retrieveMultiple({ collection: "accounts", maxPageSize: 2 }, page.oDataNextLink);
    sizes.push(page.value.length);
  }
  assert.deepEqual(sizes, [2, 2, 1]);
});

test("an address that is too long travels in a batch by itself", async () => {
  const filter = Array.from({ length: 60 }, (_, number) => `name eq 'a very long name that nobody has ${number}'`).join(" or ");
  assert.deepEqual((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter })).value, []);
});

test("navigation properties are read, set and cleared", async () => {
  const tag = mark(), key = await account({ name: tag });
  const person = await api.create({ collection: "accounts", key, navigationProperty: "contact_customer_accounts", data: { lastname: tag } });
  const members = () => api.retrieve({ collection: "accounts", key, navigationProperty: "contact_customer_accounts", select: ["lastname"] });
  assert.equal((await members()).value[0].lastname, tag);
  const one = { collection: "accounts", key, navigationProperty: "contact_customer_accounts", navigationPropertyKey: person, select: ["lastname"] };
  assert.equal((await api.retrieve(one)).lastname, tag);

  const single = { collection: "accounts", primaryKey: key, navigationProperty: "primarycontactid" };
  await api.associateSingleValued({ ...single, relatedCollection: "contacts", relatedKey: person });
  assert.equal((await read(key, "_primarycontactid_value"))._primarycontactid_value, person);
  await api.disassociateSingleValued(single);
  assert.equal((await read(key, "_primarycontactid_value"))._primarycontactid_value, null);

  const many = { collection: "accounts", primaryKey: key, relationshipName: "contact_customer_accounts", relatedKey: person };
  await api.disassociate(many);
  assert.deepEqual((await members()).value, []);
  await api.associate({ ...many, relatedCollection: "contacts" });
  assert.equal((await members()).value.length, 1);
});

test("lambda operators", async () => {
  const tag = mark(), key = await account({ name: tag });
  await api.create({ collection: "contacts", data: { lastname: tag, "parentcustomerid_account@odata.bind": `accounts(${key})` } });
  const filter = `contact_customer_accounts/any(one:one/lastname eq '${tag}')`;
  assert.deepEqual((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter })).value.map((row) => row.name), [tag]);
});

test("a deep insert", async () => {
  const tag = mark(), key = await account({ name: tag, primarycontactid: { lastname: tag }, contact_customer_accounts: [{ lastname: `1${tag}` }] });
  const row = await api.retrieve({ collection: "accounts", key, select: ["name"], expand: [{ property: "primarycontactid", select: ["lastname"] }] });
  assert.equal(row.primarycontactid.lastname, tag);
});

test("fetchXml, one page and all", async () => {
  const tag = mark();
  for (const number of [1, 2, 3]) await account({ name: `${number} ${tag}` });
  const inside = `<entity name='account'><attribute name='name'/><order attribute='name'/><filter><condition attribute='name' operator='like' value='%${tag}'/></filter></entity>`;
  const base = { collection: "accounts", includeAnnotations: "*" };
  const page = await api.fetch({ ...base, fetchXml: `<fetch count='2'>${inside}</fetch>` });
  assert.deepEqual(page.value.map((row) => row.name), [`1 ${tag}`, `2 ${tag}`]);
  assert.equal(page.PagingInfo.nextPage, 2);
  const rest = await api.fetch({ ...base, fetchXml: `<fetch count='2'>${inside}</fetch>`, pageNumber: 2, pagingCookie: page.PagingInfo.cookie });
  assert.deepEqual(rest.value.map((row) => row.name), [`3 ${tag}`]);
  assert.equal((await api.fetchAll({ ...base, fetchXml: `<fetch count='2'>${inside}</fetch>` })).value.length, 3);
});

test("a batch with references", async () => {
  const tag = mark(), key = await account({ name: tag });
  api.startBatch();
  api.retrieve({ collection: "accounts", key, select: ["name"] });
  api.create({ collection: "contacts", data: { lastname: tag }, contentId: "1" });
  api.create({ collection: "accounts", data: { name: `B ${tag}`, "primarycontactid@odata.bind": "$1" }, contentId: "2" });
  api.update({ collection: "$2", data: { telephone1: "5" } });
  const expand = [{ property: "primarycontactid", select: ["lastname"] }];
  api.retrieveMultiple({ collection: "accounts", filter: `name eq 'B ${tag}'`, select: ["name", "telephone1"], expand });
  api.count({ collection: "accounts" });
  const told = await api.executeBatch();
  assert.equal(told[0].name, tag);
  assert.deepEqual([told[4].value[0].telephone1, told[4].value[0].primarycontactid.lastname], ["5", tag]);
  assert.ok(told[5] >= 2);
});

test("a batch without a change set", async () => {
  const tag = mark(), key = await account({ name: tag });
  api.startBatch();
  api.create({ collection: "contacts", data: { lastname: tag }, inChangeSet: false });
  api.deleteRecord({ collection: "accounts", key, inChangeSet: false });
  const told = await api.executeBatch();
  assert.match(told[0], /^[0-9a-f-]{36}$/);
  await assert.rejects(read(key, "name"), refused(404, "0x80040217"));
});

test("a change set that fails leaves nothing behind", async () => {
  const tag = mark();
  api.startBatch();
  api.create({ collection: "accounts", data: { name: tag } });
  api.update({ collection: "accounts", key: randomUUID(), data: { name: "x" } });
  await assert.rejects(api.executeBatch(), (errors) => (assert.equal([errors].flat()[0].status, 404), true));
  assert.deepEqual(await named(tag), []);
});

test("table definitions", async () => {
  const all = await api.retrieveEntities({ select: ["LogicalName"], filter: "IsPrivate eq false" });
  assert.ok(all.value.some((row) => row.LogicalName === "account"));
  const expand = [{ property: "Attributes", select: ["LogicalName"], filter: "LogicalName eq 'name'" }, { property: "Keys" }];
  const found = await api.retrieveEntity({ key: "LogicalName='account'", select: ["LogicalName", "SchemaName"], expand });
  assert.deepEqual([found.SchemaName, found.Attributes.length, found.Keys[0].KeyAttributes], ["Account", 1, ["accountnumber"]]);
  assert.equal((await api.retrieveEntity({ key: found.MetadataId })).LogicalName, "account");
});

test("column definitions", async () => {
  const entityKey = "LogicalName='account'", castType = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
  assert.ok((await api.retrieveAttributes({ entityKey })).value.length > 40);
  const expand = [{ property: "OptionSet", select: ["Options"] }];
  const choices = await api.retrieveAttributes({ entityKey, castType, select: ["LogicalName"], expand });
  assert.ok(choices.value.find((row) => row.LogicalName === "industrycode").OptionSet.Options.length > 5);
  const name = await api.retrieveAttribute({ entityKey, attributeKey: "LogicalName='name'", select: ["SchemaName", "AttributeType"] });
  assert.deepEqual([name.SchemaName, name.AttributeType], ["Name", "String"]);
});

test("relationships and $metadata", async () => {
  const castType = "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata";
  const found = await api.retrieveRelationships({ castType, select: ["SchemaName"], filter: "ReferencedEntity eq 'account'" });
  assert.ok(found.value.some((row) => row.SchemaName === "contact_customer_accounts"));
  assert.equal((await api.retrieveRelationship({ key: "SchemaName='contact_customer_accounts'" })).ReferencingEntity, "contact");
  assert.match(await api.retrieveCsdlMetadata(), /<EntityType Name="account"/);
  assert.ok((await api.retrieveCsdlMetadata({ addAnnotations: true })).length > 100000);
});

test("what is not emulated says so", async () => {
  const said = (error) => (assert.equal(error.status, 501), assert.match(error.message, /embedded Dataverse does not support/), true);
  await assert.rejects(api.createEntity({ data: { SchemaName: "new_X", "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata" } }), said);
  await assert.rejects(api.retrieveGlobalOptionSets(), said);
});

test("acting for another user", async () => {
  const me = await api.callFunction("WhoAmI");
  assert.ok(await api.retrieveMultiple({ collection: "accounts", top: 1, select: ["name"], impersonate: me.UserId }));
});

test("settings of relationship insights are ordinary rows", async () => {
  const collection = "msdyn_activityanalysisconfigs", [row] = (await api.retrieveMultiple({ collection })).value;
  const key = row.msdyn_activityanalysisconfigid;
  await api.update({ collection, key, data: { msdyn_isorgsettingenable: true }, ifmatch: row["@odata.etag"] });
  assert.equal((await api.retrieve({ collection, key, select: ["msdyn_isorgsettingenable"] })).msdyn_isorgsettingenable, true);
});

test("errors of queries and payloads", async () => {
  await assert.rejects(account({ name: mark(), nosuch: 1 }), refused(400, "0x80048d19"));
  await assert.rejects(account({ name: "x".repeat(161) }), refused(400, "0x80044331"));
  await assert.rejects(api.retrieveMultiple({ collection: "nosuches" }), refused(404, "0x80060888"));
  await assert.rejects(api.retrieveMultiple({ collection: "accounts", filter: "name eq" }), (error) => error.status === 400);
});

test("delete, also only of the version that was read", async () => {
  const key = await account({ name: mark() });
  assert.equal(await api.deleteRecord({ collection: "accounts", key, ifmatch: 'W/"1"' }), false);
  assert.equal(await api.deleteRecord({ collection: "accounts", key }), true);
  await assert.rejects(api.deleteRecord({ collection: "accounts", key }), refused(404, "0x80040217"));
});

test("a wrong token", async () => {
  const stranger = new DynamicsWebApi({ serverUrl, dataApi: { version: "9.2" }, onTokenRefresh: async () => "nobody" });
  await assert.rejects(stranger.callFunction("WhoAmI"), (error) => error.status === 401);
});
