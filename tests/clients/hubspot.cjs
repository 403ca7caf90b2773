// SPDX-License-Identifier: MIT
// The unmodified official client, npm's @hubspot/api-client, against the
// sandbox: what it does to a real account it does to this one.  TAP.
//
// usage: node hubspot.cjs FOLDER   (with node_modules of install)
'use strict';
const assert = require('assert');
const path = require('path');
const readline = require('readline');
const { spawn } = require('child_process');

const { Client } = require(path.join(path.resolve(process.argv[2]),
	'node_modules/@hubspot/api-client'));
const RUN = path.join(__dirname, '../sandbox/run');

let count = 0;
let failed = 0;

async function step(name, act) {
	let line = `ok ${++count} - ${name}`;
	try {
		await act();
	} catch (error) {
		failed++;
		line = `not ${line}\n# ${String(error.stack).replace(/\n/g, '\n# ')}`;
	}
	console.log(line);
}

// What the client throws for an answer that is none of 2xx.
async function refused(status, promise) {
	const error = await promise.then(() => null, (error) => error);
	assert.ok(error, 'it was not refused');
	assert.strictEqual(error.code, status);
	return error;
}

const ids = (rows) => rows.map((row) => row.id);
const many = (number, make) => Array.from({ length: number },
	(_, place) => make(place));

async function reading(crm) {
	await step('getAll pages to the end', async () => {
		const all = await crm.companies.getAll(7, undefined, ['name', 'city']);
		assert.deepStrictEqual(ids(all), many(60, (n) => String(9001 + n)));
		assert.ok(all[0].createdAt instanceof Date);
		assert.strictEqual(all[0].archived, false);
	});
	await step('getPage, with associations', async () => {
		const page = await crm.contacts.basicApi.getPage(2, undefined,
			['email'], undefined, ['companies']);
		assert.strictEqual(page.paging.next.after, '9003');
		assert.strictEqual(page.results[0].associations.companies.results[0].id,
			'9001');
	});
	await step('getById, by idProperty and with history', async () => {
		const one = await crm.contacts.basicApi.getById('p0@c0.example',
			['email'], ['email'], undefined, false, 'email');
		assert.strictEqual(one.id, '9001');
		assert.strictEqual(one.propertiesWithHistory.email[0].value,
			'p0@c0.example');
		await refused(404, crm.contacts.basicApi.getById('1'));
	});
	await step('search pages by after', async () => {
		const found = [];
		let after;
		do {
			const page = await crm.companies.searchApi.doSearch({
				filterGroups: [{ filters: [{ propertyName: 'createdate',
					operator: 'GTE', value: '0' }] }],
				sorts: ['hs_object_id'], properties: ['name'], limit: 25,
				after });
			assert.strictEqual(page.total, 60);
			found.push(...ids(page.results));
			after = page.paging && page.paging.next.after;
		} while (after);
		assert.strictEqual(new Set(found).size, 60);
	});
	await step('owners and pipelines', async () => {
		const owners = await crm.owners.ownersApi.getPage();
		assert.strictEqual(owners.results.length, 5);
		assert.strictEqual((await crm.owners.ownersApi.getById(4161)).userId,
			88);
		const deals = await crm.pipelines.pipelinesApi.getAll('deals');
		assert.strictEqual(deals.results[0].stages[5].metadata.isClosed,
			'true');
	});
}

async function metadata(crm) {
	await step('property groups and properties', async () => {
		await crm.properties.groupsApi.create('companies',
			{ name: 'sync', label: 'Sync', displayOrder: -1 });
		const wish = { name: 'ext_id', label: 'Id', groupName: 'sync',
			type: 'string', fieldType: 'text', hasUniqueValue: true };
		const made = await crm.properties.coreApi.create('companies', wish);
		assert.strictEqual(made.hasUniqueValue, true);
		await refused(409, crm.properties.coreApi.create('companies', wish));
		const all = await crm.properties.coreApi.getAll('companies');
		assert.ok(all.results.some((one) => one.name === 'ext_id'));
		const one = await crm.properties.coreApi.getByName('companies',
			'industry');
		assert.strictEqual(one.options[0].value, 'ACCOUNTING');
		await crm.properties.coreApi.update('companies', 'ext_id',
			{ label: 'Other' });
	});
	await step('a type of one\'s own', async () => {
		const made = await crm.schemas.coreApi.create({ name: 'machine',
			labels: { singular: 'Machine', plural: 'Machines' },
			primaryDisplayProperty: 'serial', requiredProperties: ['serial'],
			associatedObjects: ['COMPANY'], properties: [{ name: 'serial',
				label: 'Serial', type: 'string', fieldType: 'text' }] });
		assert.strictEqual(made.objectTypeId, '2-1001');
		const row = await crm.objects.basicApi.create('machine',
			{ properties: { serial: 'S1' }, associations: [] });
		assert.strictEqual(row.properties.serial, 'S1');
		assert.strictEqual((await crm.schemas.coreApi.getAll())
			.results.length, 1);
	});
}

async function writing(crm) {
	const { basicApi, batchApi } = crm.companies;
	let one;
	await step('create, update, archive', async () => {
		one = await basicApi.create({ properties: { name: 'One' },
			associations: [] });
		const same = await basicApi.update(one.id,
			{ properties: { city: 'Ulm' } });
		assert.strictEqual(same.properties.city, 'Ulm');
		await basicApi.archive(one.id);
		await refused(404, basicApi.getById(one.id));
		const gone = await basicApi.getPage(10, undefined, undefined,
			undefined, undefined, true);
		assert.ok(gone.results[0].archivedAt instanceof Date);
	});
	await step('refusals carry their body', async () => {
		const bad = await refused(400, basicApi.update('9001',
			{ properties: { foo: 'x' } }));
		assert.strictEqual(bad.body.category, 'VALIDATION_ERROR');
		assert.strictEqual(bad.body.errors[0].code, 'PROPERTY_DOESNT_EXIST');
		const twice = await refused(409, crm.contacts.basicApi.create(
			{ properties: { email: 'p0@c0.example' }, associations: [] }));
		assert.ok(/Existing ID: 9001/.test(twice.body.message));
	});
	await step('batch upsert creates, then updates', async () => {
		const rows = (city) => ({ inputs: many(100, (n) => ({
			idProperty: 'ext_id', id: `A-${n}`,
			properties: { name: `N${n}`, city } })) });
		const made = await batchApi.upsert(rows('Ulm'));
		assert.ok(made.results.every((row) => row._new === true));
		const again = await batchApi.upsert(rows('Bonn'));
		assert.ok(again.results.every((row) => row._new === false));
		assert.deepStrictEqual(ids(again.results), ids(made.results));
	});
	let made;
	await step('batch create, read, update, archive', async () => {
		made = await batchApi.create({ inputs: many(3, (n) => ({
			properties: { name: `B${n}` }, associations: [] })) });
		const inputs = made.results.map((row) => ({ id: row.id }));
		const read = await batchApi.read({ inputs, properties: ['name'],
			propertiesWithHistory: [] });
		assert.strictEqual(read.results.length, 3);
		const by = await batchApi.read({ inputs: [{ id: 'A-7' }],
			idProperty: 'ext_id', properties: ['ext_id'],
			propertiesWithHistory: [] });
		assert.strictEqual(by.results[0].properties.ext_id, 'A-7');
		const updated = await batchApi.update({ inputs: inputs.map((row) =>
			({ ...row, properties: { city: 'Rom' } })) });
		assert.ok(updated.results.every((row) =>
			row.properties.city === 'Rom'));
		await batchApi.archive({ inputs });
		await refused(404, basicApi.getById(inputs[0].id));
	});
	await step('207, row by row', async () => {
		const part = await batchApi.create({ inputs: [
			{ objectWriteTraceId: 'a', properties: { name: 'A' },
				associations: [] },
			{ objectWriteTraceId: 'b', properties: { foo: 'B' },
				associations: [] }] });
		assert.strictEqual(part.results.length, 1);
		assert.strictEqual(part.numErrors, 1);
		assert.deepStrictEqual(part.errors[0].context.objectWriteTraceId,
			['b']);
		const read = await batchApi.read({ inputs: [{ id: '9001' },
			{ id: '1' }], properties: [], propertiesWithHistory: [] });
		assert.deepStrictEqual(read.errors[0].context.ids, ['1']);
	});
	await step('more than 100 inputs are refused', () => refused(400,
		batchApi.update({ inputs: many(101, (n) => ({ id: String(n),
			properties: {} })) })));
	await step('merge', async () => {
		const kept = await basicApi.merge({ primaryObjectId: '9001',
			objectIdToMerge: '9002' });
		assert.strictEqual((await basicApi.getById('9002')).id, kept.id);
	});
}

async function associations(crm) {
	const { basicApi, batchApi } = crm.associations.v4;
	await step('associations of one record', async () => {
		await basicApi.create('contacts', '9009', 'companies', '9010',
			[{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
		await basicApi.createDefault('contacts', '9009', 'companies', '9011');
		const page = await basicApi.getPage('contacts', '9009', 'companies');
		assert.deepStrictEqual(page.results.map((row) =>
			[Number(row.toObjectId), row.associationTypes.length]),
		[[9009, 1], [9010, 2], [9011, 1]]);
		await basicApi.archive('contacts', '9009', 'companies', '9011');
	});
	await step('associations, batches', async () => {
		const made = await batchApi.create('deals', 'contacts', { inputs: [
			{ _from: { id: '9005' }, to: { id: '9020' }, types: [
				{ associationCategory: 'HUBSPOT_DEFINED',
					associationTypeId: 3 }] }] });
		assert.strictEqual(made.status, 'COMPLETE');
		const read = await batchApi.getPage('deals', 'contacts',
			{ inputs: [{ id: '9005' }] });
		assert.deepStrictEqual(read.results[0].to.map((row) =>
			Number(row.toObjectId)), [9005, 9020]);
		await batchApi.archive('deals', 'contacts', { inputs: [
			{ _from: { id: '9005' }, to: [{ id: '9020' }] }] });
	});
}

async function tokens(said) {
	const client = new Client({ basePath: said.url });
	await step('OAuth: refresh, and what a token is', async () => {
		const issued = await client.oauth.tokensApi.create('refresh_token',
			undefined, undefined, said.client_id, said.client_secret,
			said.refresh_token);
		assert.strictEqual(issued.expiresIn, 1800);
		client.setAccessToken(issued.accessToken);
		const facts = await client.oauth.accessTokensApi.get(
			issued.accessToken);
		assert.strictEqual(facts.hubId, 4021177);
		const page = await client.crm.companies.basicApi.getPage(1);
		assert.strictEqual(page.results.length, 1);
		await refused(400, client.oauth.tokensApi.create('refresh_token',
			undefined, undefined, said.client_id, said.client_secret, 'x'));
	});
	await step('a token that is none is refused', () => refused(401,
		new Client({ basePath: said.url, accessToken: 'x' })
			.crm.companies.basicApi.getPage(1)));
}

async function limits(said) {
	const control = (method, name, body) => fetch(
		`${said.url}/_sandbox/${name}`, { method, body });
	await step('it waits out a 429 and a 503, and succeeds', async () => {
		const client = new Client({ basePath: said.url,
			accessToken: said.token, numberOfApiCallRetries: 3 });
		await control('POST', 'faults',
			'status=503:n=1,storm:n=3:on=search,gzip=always,chunked');
		const found = await client.crm.companies.searchApi.doSearch({
			limit: 1 });
		assert.ok(found.total > 60);
		await client.crm.companies.searchApi.doSearch({ limit: 1 });
	});
}

async function main(said) {
	const { crm } = new Client({ accessToken: said.token,
		basePath: said.url });
	await reading(crm);
	await metadata(crm);
	await writing(crm);
	await associations(crm);
	await tokens(said);
	await limits(said);
	console.log(`1..${count}`);
}

const fake = spawn(RUN, ['--records', '60', '--faults', 'lag=0', 'hubspot'],
	{ stdio: ['pipe', 'pipe', 'inherit'] });
readline.createInterface({ input: fake.stdout }).once('line', (line) =>
	main(JSON.parse(line)).catch((error) => {
		console.log(`Bail out! ${error}`);
		failed++;
	}).then(() => {
		fake.stdin.end();
		process.exitCode = failed ? 1 : 0;
	}));
