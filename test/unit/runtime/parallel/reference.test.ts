import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BaseAgent, MemoryCheckpointStore } from "../../../../src/runtime/index.ts";
import {
  checkReference,
  isReference,
  labelOf,
  referenceToSend,
} from "../../../../src/runtime/parallel/reference.ts";
import {
  failedStart,
  failedThread,
  noPool,
  notSendable,
} from "../../../../src/runtime/parallel/threadErrors.ts";
import type { ModuleReference } from "../../../../src/runtime/parallel/types.ts";

const path = join(import.meta.dirname, "agents.ts");
const check = (reference: unknown) => checkReference(reference as ModuleReference);

describe("a module reference", () => {
  it("is made plain", () => {
    expect(check({ module: path })).toEqual({ module: pathToFileURL(path).href, args: [], options: {} });
    const url = `${pathToFileURL(path).href}?fresh=1`;
    expect(
      check({
        module: url,
        export: "A",
        name: "n",
        agentType: "t",
        args: [1],
        options: { retry: { attempts: 2 }, checkpoints: { folder: "c" } },
      }),
    ).toEqual({
      module: url,
      export: "A",
      name: "n",
      agentType: "t",
      args: [1],
      options: { retry: { attempts: 2 }, checkpoints: { folder: "c" } },
    });
    expect(check({ module: "@scope/some-agents/deep" }).module).toBe("@scope/some-agents/deep");
  });

  it("has an identity where it is reused", () => {
    const one = { module: path, reuse: true };
    expect(check(one).reuse).toBe(check(one).reuse);
    expect(check(one).reuse).not.toBe(check({ ...one }).reuse);
    expect(check({ module: path, reuse: false })).not.toHaveProperty("reuse");
  });

  it.each([
    [{}, /"module" is an absolute path, the text of a file: URL/],
    [{ module: "" }, /"module" is an absolute path/],
    [{ module: 5 }, /"module" is an absolute path/],
    [{ module: "./a.mjs" }, /relative \(\.\/a\.mjs\).*import\.meta\.url/],
    [{ module: "../a.mjs" }, /relative/],
    [{ module: ".." }, /relative/],
    [{ module: "file://%zz/" }, /not a URL/],
    [{ module: "https://example.com/a.mjs" }, /not https:/],
    [{ module: "node:fs" }, /not node:fs/],
    [{ module: "data:text/javascript,1" }, /not data:/],
    [{ module: path, export: "" }, /"export" is a string that is not empty/],
    [{ module: path, agentType: 5 }, /"agentType" is a string/],
    [{ module: path, name: null }, /"name" is a string/],
    [{ module: path, args: "one" }, /"args" is an array/],
    [{ module: path, reuse: 1 }, /"reuse" is true or false/],
    [{ module: path, options: [] }, /"options" is a record/],
    [{ module: path, options: { retry: 3 } }, /"options\.retry" is a record/],
    [{ module: path, options: { adapter: "run" } }, /"options\.adapter" is a record/],
    [{ module: path, options: { errors: "folder" } }, /"options\.errors" is \{folder: a path\}/],
    [
      { module: path, options: { checkpoints: { folder: "" } } },
      /"options\.checkpoints" is \{folder: a path\}/,
    ],
    [
      { module: path, options: { checkpoints: new MemoryCheckpointStore() } },
      /checkpoints \(MemoryCheckpointStore\) is not\. Stores are given by their folder/,
    ],
    [{ module: path, options: { adapter: { failedWhen: () => true } } }, /adapter\.failedWhen \(function\)/],
  ])("is refused where it is %j", (reference, message) => {
    expect(() => check(reference)).toThrow(
      expect.objectContaining({
        name: "AgentUsageError",
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it("is refused with a sentence, or taken, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            module: fc.oneof(fc.string(), fc.webUrl(), fc.anything()),
            args: fc.anything(),
            options: fc.anything(),
            export: fc.anything(),
          },
          { requiredKeys: ["module"] },
        ),
        (reference) => {
          try {
            const { module } = check(reference);
            expect(module).toBeTypeOf("string");
          } catch (error) {
            expect(error).toMatchObject({
              name: "AgentUsageError",
              message: expect.stringMatching(/^The module reference is not valid: .*\.$/s) as string,
            });
          }
          expect(typeof labelOf(reference as ModuleReference)).toBe("string");
        },
      ),
    );
  });

  it("is read once", () => {
    const one = { module: path, name: "first" };
    const before = referenceToSend(one);
    one.name = "second";
    expect(referenceToSend(one)).toBe(before);
    expect(() => referenceToSend({ module: "./x" })).toThrow("relative");
  });

  it("is told from agents and other objects", () => {
    const agent = Object.assign(new BaseAgent({ name: "a", agentType: "t" }), { module: "x" });
    expect([agent, null, {}, "x", { module: "x" }].map(isReference)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it.each([
    [{ module: "/a/b/agent.test.mjs", name: "mine", export: "Other" }, "mine"],
    [{ module: "/a/b/agent.mjs", export: "Other" }, "Other"],
    [{ module: "/a/b/agent.mjs", export: "default" }, "agent"],
    [{ module: "file:///a/b/agent.ts?x=1#y" }, "agent"],
    [{ module: "C:\\agents\\mine.cjs" }, "mine"],
    [{ module: "@scope/agents" }, "agents"],
  ])("%j is called %s until its agent is made", (reference, name) => {
    expect(labelOf(reference)).toBe(name);
  });
});

describe("errors of threads", () => {
  const coded = (code: string) => Object.assign(new Error("system"), { code });

  it("say what to do", () => {
    expect(noPool(coded("ERR_MODULE_NOT_FOUND")).message).toMatch(/npm install piscina\.$/);
    expect(noPool(coded("MODULE_NOT_FOUND")).name).toBe("AgentUsageError");
    expect(noPool("broken")).toMatchObject({
      name: "ThreadStartError",
      message: "The package piscina cannot be loaded: broken",
      cause: "broken",
    });
    expect(failedStart(undefined, "/w.mjs").message).toBe(
      "The thread for the agent did not start (it runs /w.mjs): it ended at once.",
    );
    expect(failedStart(coded("MODULE_NOT_FOUND"), "/w.mjs").message).toMatch(/option threadFile\.$/);
    expect(failedStart(new ReferenceError("__dirname is not defined"), "/w.mjs").message).toMatch(
      /leaves piscina out of its bundle/,
    );
    expect(failedThread(coded("ERR_WORKER_OUT_OF_MEMORY"))).toMatchObject({
      name: "OutOfMemoryError",
      message: "The agent used more memory than its thread may have: its thread was ended.",
    });
    expect(failedThread("anything")).toBe("anything");
  });

  it("name what cannot be sent", () => {
    const error = new DOMException("x could not be cloned.", "DataCloneError");
    const agent = { module: "m", args: [], options: {} };
    expect(notSendable(new Error("other"), [1, agent, 1, false, false])).toBeNull();
    expect(notSendable(error, [1, agent, 1, false, false])?.message).toMatch(/^The task cannot be sent/);
    expect(notSendable(error, [1, { ...agent, args: [() => 1] }, 1, false, false])?.message).toMatch(
      /^The args/,
    );
  });
});
