import { describe, expect, it } from "vitest";
import { agentText } from "../../../src/vscode/agentText.ts";
import { record } from "./record.ts";

describe("The text of an agent", () => {
  it("names what it is, can do, extends and orchestrates, and the evidence", () => {
    const text = agentText(
      record({
        name: "Desk",
        role: "orchestrator",
        test: true,
        migrated: true,
        docstring: "Deals\n  work out.",
        confidence: 0.8,
        evidence: ["keeps several agents (agents)", "but the name says Desk, not agent"],
        base_chain: [
          { name: "Hub", file_path: "src/hub.ts", module: null },
          { name: "EventEmitter", file_path: null, module: "node:events" },
        ],
        capabilities: [
          { name: "orchestration", own: true, method: "assign", file_path: "src/Desk.ts", lineno: 3 },
          { name: "lifecycle", own: false, method: "start", file_path: "src/hub.ts", lineno: 9 },
        ],
        orchestrates: [
          { name: "A", file_path: "src/a.ts", how: "constructs", lineno: 4 },
          { name: "A", file_path: "src/a.ts", how: "calls", lineno: 8 },
          { name: "B", file_path: "src/b.ts", how: "registers", lineno: 9 },
        ],
      }),
    );
    expect(text.split("\n")).toEqual([
      "**Desk** · test orchestrator, migrated",
      "",
      "Deals work out\\.",
      "",
      "**Capabilities** orchestration (`assign()`), lifecycle (`start()`, inherited)",
      "",
      "**Extends** Hub → EventEmitter",
      "",
      "**Orchestrates** A, B",
      "",
      "**Evidence** 80 %",
      "- keeps several agents \\(agents\\)",
      "- but the name says Desk, not agent",
    ]);
  });

  it("tells that an agent within a component cannot be run", () => {
    const text = agentText(record({ name: "Chat", file_path: "src/chat.vue" }));
    expect(text.split("\n").at(-1)).toBe(
      "Chat stands in the component src/chat\\.vue, which cannot be loaded without its framework: move the class to a file of its own\\.",
    );
  });

  it("lets nothing in a comment become a link, a command or markup", () => {
    const docstring = "[Run](command:evil) <b>bold</b> $(robot) **x** `y`";
    const [, , said] = agentText(record({ name: "", kind: "instance", docstring })).split("\n");
    expect(said).toBe("\\[Run\\]\\(command:evil\\) \\<b\\>bold\\</b\\> \\$\\(robot\\) \\*\\*x\\*\\* \\`y\\`");
    expect(agentText(record({ name: "", kind: "instance" }))).toMatch(
      /^\*\*\\\(anonymous class\\\)\*\* · instance\n/,
    );
  });
});
