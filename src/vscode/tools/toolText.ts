import type { AgentRecord } from "../../model/agentRecord.ts";
import type { AgentTool, ToolOrigin } from "../../model/agentTools.ts";
import { counted } from "../../model/counted.ts";
import type { ToolCalls } from "../../model/toolCalls.ts";
import { isOffered } from "../abilities.ts";

/** Of the runtime, whose copies in a workspace are no agents of it. */
const runtimeAgents = ["BaseAgent", "UniversalAgentAdapter"];

/** Whether it is worth a row of its own: it calls tools by its methods, may register some, or did call some. */
export function mayHaveTools(record: AgentRecord): boolean {
  if (!isOffered(record) || runtimeAgents.includes(record.name)) return false;
  const { kind, framework, capabilities, base_chain: bases } = record;
  if (kind !== "class") return framework === null;
  return (
    capabilities.some(({ name }) => name === "tool_usage") ||
    bases.some(({ name }) => runtimeAgents.includes(name))
  );
}

/** "used 12 times, 3 failed, 1 refused" */
export function usedText(calls: ToolCalls | undefined): string {
  if (calls === undefined) return "not used yet";
  const { calls: times, failures, refusals } = calls;
  return [
    times > 0 ? `used ${counted(times, "time")}` : "",
    failures > 0 ? `${failures} failed` : "",
    refusals > 0 ? `${refusals} refused` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Of all tools of an agent; "" where none was used. */
export function usesText(tools: readonly ToolCalls[]): string {
  const sum = (of: (calls: ToolCalls) => number) => tools.reduce((all, calls) => all + of(calls), 0);
  const [calls, failures] = [sum((tool) => tool.calls), sum((tool) => tool.failures)];
  if (calls === 0) return "";
  return [counted(calls, "call"), failures > 0 ? `${failures} failed` : ""].filter(Boolean).join(", ");
}

/** What stands beside the name of a tool; null for one that only the records of runs know. */
export function toolDescription(tool: AgentTool | null, calls: ToolCalls | undefined): string {
  const origin =
    tool === null
      ? "not registered now"
      : tool.refusal === null
        ? originText(tool.origin)
        : "may not be called";
  return [usedText(calls), origin].filter(Boolean).join(" · ");
}

function originText(origin: ToolOrigin): string {
  switch (origin.kind) {
    case "own":
      return "";
    case "shared":
      return "shared";
    case "field":
      return `in ${origin.name}`;
    case "file":
      return origin.path;
  }
}

/** Lines. */
export function toolTooltip(name: string, tool: AgentTool | null, calls: ToolCalls | undefined): string[] {
  const refusal = tool?.refusal ?? null;
  const mean = calls === undefined || calls.calls === 0 ? null : Math.round(calls.durationMs / calls.calls);
  return [
    tool === null || tool.description === "" ? name : `${name}: ${tool.description}`,
    ...(tool === null ? [] : [`Takes ${parametersText(tool.parameters)}`]),
    ...(tool !== null && tool.requiredCapabilities.length > 0
      ? [`Needs ${tool.requiredCapabilities.join(", ")}`]
      : []),
    ...(refusal === null ? [] : [`May not be called: ${refusal}.`]),
    ...(mean === null ? [] : [`Took ${mean} ms on average`]),
    ...(calls?.lastError === undefined ? [] : [`Last error: ${calls.lastError}`]),
  ];
}

/** "words, since?" */
function parametersText(schema: unknown): string {
  if (typeof schema !== "object" || schema === null) return "anything: its parameters are not described";
  const { properties, required, type } = schema as Record<string, unknown>;
  if (typeof properties !== "object" || properties === null)
    return typeof type === "string" ? type : "what its schema says";
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const names = Object.keys(properties).map((name) => (needed.includes(name) ? name : `${name}?`));
  return names.length === 0 ? "nothing" : names.join(", ");
}
