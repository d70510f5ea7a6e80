import { expect, test } from "vitest";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

test("takes every way of writing, in order, and answers like the original", async () => {
  const run = await workspace.run(
    "a.cjs",
    `const fs = require("node:fs"), { promisify } = require("node:util"), { pipeline } = require("node:stream/promises"), { Readable } = require("node:stream");
     exports.A = class A { async run() {
       console.log("%s and %o", "formatted", { a: 1 });
       process.stdout.write(Buffer.from("bytes\\n"));
       process.stdout.write("686578\\n".slice(0, 6), "hex");
       await new Promise((done) => process.stdout.write("\\ncallback\\n", done));
       const sync = fs.writeSync(1, Buffer.from("..part.."), 2, 4);
       const { bytesWritten } = await promisify(fs.write)(1, " promised\\n");
       await pipeline(Readable.from([Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 10])]), process.stdout, { end: false });
       process.emitWarning("careful");
       await new Promise((done) => setTimeout(done, 20));
       return [sync, bytesWritten, fs.writeSync.name];
     } };`,
    "A",
  );
  expect(run.end.error).toBeUndefined();
  expect(run.log()).toBe("formatted and { a: 1 }\nbytes\nhex\ncallback\npart promised\n€\n");
  expect(run.log("stderr")).toContain("careful");
  expect(run.output).toMatchObject({ output: [4, 10, "writeSync"] });
});

test("joins what follows closely, so that a chatty agent costs few events", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { for (let i = 0; i < 20000; i++) console.log("line", i); } }`,
    "A",
  );
  const logs = run.events.filter(({ type }) => type === "log");
  expect(run.log().split("\n")).toHaveLength(20_001);
  expect(logs.length).toBeLessThan(400);
  await run.record();
});
