import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestParamsSchema,
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import type { Finished, RunEvent } from "../model/runRecord.ts";
import type { OfferedAgent } from "../model/mcpFile.ts";
import type { Run } from "../runs/runService.ts";
import type { AgentTool } from "./agentTools.ts";
import { putQuestions, type Asked } from "./putQuestions.ts";

export interface Offer {
  version: string;
  /** Answered once the index knows the agents. */
  tools: Promise<readonly AgentTool[]>;
  start: (agent: OfferedAgent, task: unknown, args: unknown[] | undefined) => Run;
  /** Says on standard error how a question is answered that the client cannot put to its user. Answers with what it said. */
  askElsewhere: (asked: Asked) => string;
  /** What goes to a client goes to a language model, for which secrets are not. Who starts runs knows them. */
  withoutSecrets: <T>(value: T) => T;
}

const Input = z.object({ task: z.unknown(), args: z.array(z.unknown()).optional() });
/** What the SDK says of a call that does not fit is a dump of its schema. */
const Call = CallToolRequestSchema.extend({
  params: z.unknown().transform((params) => {
    const parsed = CallToolRequestParamsSchema.safeParse(params);
    if (parsed.success) return parsed.data;
    throw new McpError(
      ErrorCode.InvalidParams,
      'A call names its tool in "name", and gives its input in "arguments", an object.',
    );
  }),
});
const SMALLEST_STEP = 1e-6;

/** Speaks MCP over standard input and output; resolves when the client is gone or the signal aborts. */
export async function serve(
  { version, tools, start, askElsewhere, withoutSecrets }: Offer,
  signal: AbortSignal,
): Promise<void> {
  const { server } = new McpServer({ name: "opsvi-agents", version }, { capabilities: { tools: {} } });

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: (await tools).map(({ name, title, description, inputSchema }) => ({
      ...{ name, title, description, inputSchema },
    })),
  }));

  server.setRequestHandler(Call, async ({ params }, extra) => {
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
    const tell = growing((progress, message) => {
      if (token === undefined) return;
      const shown = withoutSecrets(message);
      const notification = { progressToken: token, progress, total: 1, message: shown };
      // A client that is gone needs no progress.
      void extra
        .sendNotification({ method: "notifications/progress", params: notification })
        .catch(() => undefined);
    });
    run.onEvent((event) => {
      const message = messageOf(event);
      if (message !== null) tell(message, event.type === "progress" ? event.fraction : 0);
    });
    const dismissed = putQuestions(run, { server, requestId: extra.requestId }, (asked) =>
      tell(askElsewhere(asked)),
    );
    const cancel = () => void run.cancel();
    if (extra.signal.aborted) cancel();
    else extra.signal.addEventListener("abort", cancel);
    const finished = await run.finished;
    const question = dismissed();
    return question === null || finished.status !== "cancelled"
      ? resultOf(tool.title, withoutSecrets(finished))
      : refusal(
          `${tool.title} was cancelled, because its question was not answered: ${JSON.stringify(question.message)}.`,
        );
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
function growing(
  tell: (progress: number, message: string) => void,
): (message: string, fraction?: number) => void {
  let reached = 0;
  return (message, fraction = 0) => {
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
