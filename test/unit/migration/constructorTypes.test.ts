import { beforeAll, expect, test } from "vitest";
import { compile } from "./compiler.ts";
import { buildCore, Project } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(buildCore, 60_000);

const base = `export abstract class Fetcher<Item = string> {
  readonly base: string;
  constructor(url: string);
  constructor(host: string, port: number, items?: Item[]);
  constructor(url: string, port?: number) {
    this.base = url + String(port);
  }
  run(task: Item): Item {
    return task;
  }
}
`;

const agents = `import { Fetcher } from "./fetcher.js";

interface Kept {
  host: string;
}

export class PageAgent extends Fetcher {}
export class ItemAgent<Item extends object> extends Fetcher<Item> {}
export class OwnAgent {
  constructor(kept: Kept);
  constructor(host: string, port: number);
  constructor(readonly from: Kept | string, readonly port = 0) {}
  run(task: string) {
    return task;
  }
}
export class RestAgent {
  constructor(
    readonly label: string,
    protected readonly count?: number,
    ...more: boolean[]
  ) {
    this.more = more;
  }
  private readonly more: boolean[];
  run(task: string) {
    return [this.label, this.more, task];
  }
}
export class DefaultAgent<T extends object = { id: number }> {
  constructor(readonly items: readonly T[], readonly done?: (item: T) => void) {}
  run(task: T) {
    return task;
  }
}
`;

/** Every line of the second part must be wrong, and for no other reason than the one that its comment gives. */
const calls = (from: string) => `import {
  DefaultAgentAdapter,
  ItemAgentAdapter,
  OwnAgentAdapter,
  PageAgentAdapter,
  RestAgentAdapter,
} from "${from}";

declare const either: string | { host: string };

new PageAgentAdapter("url");
new PageAgentAdapter("host", 80);
new PageAgentAdapter("host", 80, ["item"]);
new ItemAgentAdapter<{ id: number }>("host", 80, [{ id: 1 }]).legacy.run({ id: 2 }).id;
new ItemAgentAdapter<{ id: number }>("host");
new OwnAgentAdapter({ host: "a" });
new OwnAgentAdapter("host", 1);
new RestAgentAdapter("a");
new RestAgentAdapter("a", undefined, true, false);
new DefaultAgentAdapter([{ id: 1 }]).legacy.items[0]?.id.toFixed();
new DefaultAgentAdapter([{ name: "a" }]).legacy.items[0]?.name.trim();
new DefaultAgentAdapter<{ name: string }>([{ name: "a" }], (item) => item.name.trim()).legacy.run({ name: "b" }).name;

// @ts-expect-error no overload without arguments
new PageAgentAdapter();
// @ts-expect-error a port is a number
new PageAgentAdapter("host", "80");
// @ts-expect-error items are strings
new PageAgentAdapter("host", 80, [1]);
// @ts-expect-error no overload has so many
new PageAgentAdapter("host", 80, ["item"], 4);
// @ts-expect-error items need what the type argument says
new ItemAgentAdapter<{ id: number }>("host", 80, [{ name: "a" }]);
// @ts-expect-error the type argument has to be an object
new ItemAgentAdapter<string>("host");
// @ts-expect-error a host needs a port
new OwnAgentAdapter("host");
// @ts-expect-error no overload mixes both
new OwnAgentAdapter({ host: "a" }, 1);
// @ts-expect-error each overload takes one of them only
new OwnAgentAdapter(either);
// @ts-expect-error the label is missing
new RestAgentAdapter();
// @ts-expect-error the rest is true or false
new RestAgentAdapter("a", 1, "true");
// @ts-expect-error items need what the type argument says
new DefaultAgentAdapter<{ id: number }>([{ name: "a" }]);
// @ts-expect-error the legacy object has no such member
new RestAgentAdapter("a").legacy.missing;
`;

test.each([
  ["same-file", "./agents.js"],
  ["sibling-file", "./agentsAdapter.js"],
] as const)(
  "an adapter is constructed exactly as its class is: %s",
  async (placement, from) => {
    const compilerOptions = { strict: true, target: "es2022", module: "nodenext", noEmit: true, types: [] };
    using project = new Project(
      {
        "package.json": `{ "name": "shop", "type": "module" }`,
        "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
        "src/fetcher.ts": base,
        "src/agents.ts": agents,
      },
      placement,
    );
    const fetcher = [{ name: "Fetcher", file_path: "src/fetcher.ts", module: null }];
    for (const [name, chain] of [
      ["PageAgent", fetcher],
      ["ItemAgent", fetcher],
      ["OwnAgent", []],
      ["RestAgent", []],
      ["DefaultAgent", []],
    ] as const) {
      await project.migrate("src/agents.ts", name, {}, recordOf(name, "src/agents.ts", [...chain]));
    }
    project.write("src/calls.ts", calls(from));
    expect(compile(project.root)).toEqual([]);
  },
  60_000,
);

test.each([
  ["same-file", "./agent.js"],
  ["sibling-file", "./agentAdapter.js"],
] as const)(
  "overloads in JSDoc are kept: %s",
  async (placement, from) => {
    const options = {
      strict: true,
      allowJs: true,
      checkJs: true,
      module: "nodenext",
      noEmit: true,
      types: [],
    };
    using project = new Project(
      {
        "package.json": `{ "name": "shop", "type": "module" }`,
        "tsconfig.json": JSON.stringify({
          compilerOptions: { ...options, target: "es2022" },
          include: ["src"],
        }),
        "src/agent.js":
          "export class JsAgent {\n  /**\n   * @overload\n   * @param {string} url\n   */\n  /**\n   * @overload\n   * @param {string} host\n   * @param {number} port\n   */\n  /**\n   * @param {string} url\n   * @param {number} [port]\n   */\n  constructor(url, port) {\n    this.base = url + port;\n  }\n  /** @param {string} task */\n  run(task) {\n    return this.base + task;\n  }\n}\n",
      },
      placement,
    );
    await project.migrate("src/agent.js", "JsAgent");
    project.write(
      "src/calls.js",
      `import { JsAgentAdapter } from "${from}";\n\nnew JsAgentAdapter("url");\nnew JsAgentAdapter("host", 80).legacy.run("x").trim();\n// @ts-expect-error no overload without arguments\nnew JsAgentAdapter();\n// @ts-expect-error a port is a number\nnew JsAgentAdapter("host", "80");\n`,
    );
    expect(compile(project.root)).toEqual([]);
  },
  60_000,
);
