import { describe, expect, it } from "vitest";
import { componentScript } from "../../../src/indexer/componentScript.ts";
import { chainOf, indexFiles, named } from "./project.ts";

const vue = [
  "<template>",
  "  <p>class NoAgent {}</p>",
  "</template>",
  '<script lang="ts">',
  'import { BaseAgent } from "./base";',
  "export class PanelAgent extends BaseAgent {",
  "  run(task: string) {}",
  "}",
  "</script>",
  "<style>.class { color: red }</style>",
].join("\r\n");

describe("the scripts of components", () => {
  it("are indexed, each class in its line", async () => {
    const index = await indexFiles({
      "Panel.vue": vue,
      "Tab.svelte":
        '<script context="module">\n  import { PanelAgent } from "./Panel.vue";\n  export class Tab extends PanelAgent {}\n</script>\n<script>\n  let x = 1;\n</script>\n<h1>{x}</h1>',
      "base.ts": "export class BaseAgent { stop() {} }",
    });
    expect(index.files).toBe(3);
    expect(index.notes).toEqual([]);
    expect(named(index, "PanelAgent")).toMatchObject({
      file_path: "Panel.vue",
      lineno: 6,
      end_line: 8,
      language: "typescript",
    });
    expect(named(index, "Tab")).toMatchObject({ lineno: 3, language: "javascript" });
    expect(chainOf(named(index, "Tab"))).toBe("PanelAgent (Panel.vue) < BaseAgent (base.ts)");
    expect(index.agents).toHaveLength(3);
  });

  it.each([
    ["<script>a</script>", `${" ".repeat(8)}a${" ".repeat(9)}`],
    ["<p>\n<script generic='T > U'>\nb\n</script>\n", `   \n${" ".repeat(24)}\nb\n${" ".repeat(9)}\n`],
    ["<script>a</script><script>b</script>", `${" ".repeat(8)}a${" ".repeat(17)}b${" ".repeat(9)}`],
    ["<script>never ends", " ".repeat(18)],
    ["", ""],
  ])("are all that is left of %j", (text, script) => expect(componentScript(text)).toBe(script));
});
