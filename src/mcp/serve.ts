import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import type { Finished, RunEvent } from "../model/runRecord.ts";
import type { OfferedAgent } from "../model/mcpFile.ts";
import type { Run } from "../runs/runService.ts";
import type { AgentTool } from "./agentTools.ts";

export interface Offer {
  version: string;
  /** Answered once the index knows the agents. */
  tools: Promise<readonly AgentTool[]>;
  start: (agent: OfferedAgent, task: unknown, args: unknown[] | undefined) => Run;
}

const Input = z.object({ task: z.unknown(), args: z.array(z.unknown()).optional() });
const SMALLEST_STEP = 1e-6;

/** Speaks MCP over standard input and output; resolves when the client is gone or the signal aborts. */
export async function serve({ version, tools, start }: Offer, signal: AbortSignal): Promise<void> {
  const { server } = new McpServer({ name: "opsvi-agents", version }, { capabilities: { tools: {} } });

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: (await tools).map(({ name, title, description, inputSchema }) => ({
      ...{ name, title, description, inputSchema },
    })),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const known = await tools;
    const tool = known.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const names = known.map(({ name }) => name).join(", ");
      return refusal(`There is no tool ${params.name}: there are ${names}.`);
    }
    const input = Input.safeParse(params.arguments ?? {});
    if (!input.success || input.data.task === undefined)
      return refusal('The input needs "task", any JSON, and takes "args", a list.');
    const run = start(tool.agent, input.data.task, input.data.args);
    const token = extra._meta?.progressToken;
    if (token !== undefined) {
      run.onEvent(
        reporter((progress, message) => {
          const notification = { progressToken: token, progress, total: 1, message };
          // A client that is gone needs no progress.
          void extra
            .sendNotification({ method: "notifications/progress", params: notification })
            .catch(() => undefined);
        }),
      );
    }
    const cancel = () => void run.cancel();
    if (extra.signal.aborted) cancel();
    else extra.signal.addEventListener("abort", cancel);
    return resultOf(tool.title, await run.finished);
  });

  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  // The transport hears of messages only, not of the end of the input.
  process.stdin.once("end", () => void server.close());
  signal.addEventListener("abort", () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}

/** Progress must grow with every notification, and an agent's need not. */
function reporter(tell: (progress: number, message: string) => void): (event: RunEvent) => void {
  let reached = 0;
  return (event) => {
    const message = messageOf(event);
    if (message === null) return;
    const fraction = event.type === "progress" ? (event.fraction ?? 0) : 0;
    reached = Math.max(fraction, reached + SMALLEST_STEP);
    tell(reached, message);
  };
}

function messageOf(event: RunEvent): string | null {
  switch (event.type) {
    case "started":
      return "started";
    case "progress":
      return event.message ?? "";
    case "retry":
      return `attempt ${event.attempt} of ${event.of} failed: ${event.error.message}`;
    default:
      return null;
  }
}

function resultOf(name: string, { status, output, error, warnings, attempts }: Finished): CallToolResult {
  const notes = warnings.map((warning) => `Warning: ${warning}`);
  if (status === "success") {
    const text = [JSON.stringify(output ?? {}, null, 2), ...notes].join("\n");
    return { content: [{ type: "text", text }] };
  }
  if (status === "cancelled") return refusal(`${name} was cancelled.`);
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const reason =
    error === undefined ? "." : `: ${error.name === "UserError" ? "" : `${error.name}: `}${error.message}`;
  return refusal(
    [`${name} ${status === "failed" ? "failed" : "was interrupted"}${tries}${reason}`, ...notes].join("\n"),
  );
}

const refusal = (text: string): CallToolResult => ({ content: [{ type: "text", text }], isError: true });
