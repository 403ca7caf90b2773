// SPDX-License-Identifier: MIT
// duckdb: runs SQL given as argument with so many threads.
// usage: node duckdb.cjs FOLDER_OF_node_modules THREADS SQL
const { createRequire } = require("module");
const [folder, threads, sql] = process.argv.slice(2);
const load = createRequire(folder + "/");
const { DuckDBInstance } = load("@duckdb/node-api");

(async () => {
  const db = await DuckDBInstance.create(":memory:", { threads });
  const connection = await db.connect();
  await connection.run(sql);
  connection.closeSync();
})().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
