import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Question, RunEvent } from "../model/runRecord.ts";
import type { Run } from "../runs/runService.ts";
import { answerIn, formOf, isSecret } from "./form.ts";

export type Asked = RunEvent & { type: "question" };

interface Call {
  server: McpServer["server"];
  requestId: RequestId;
}

/** People take their time: the most that a timer takes. */
const PATIENCE_MS = 2 ** 31 - 1;

/**
 * Has the user of the client answer what a run asks. Who dismisses a question cancels the run.
 * @param elsewhere for a question that the client cannot put to its user
 * @returns tells the question that was dismissed
 */
export function putQuestions(
  run: Run,
  { server, requestId }: Call,
  elsewhere: (asked: Asked) => void,
): () => Question | null {
  let dismissed: Question | null = null;
  let asking: AbortController | null = null;

  const put = async ({ question, time }: Asked, signal: AbortSignal): Promise<boolean> => {
    const options = { signal, timeout: PATIENCE_MS, relatedRequestId: requestId };
    const result = await server.elicitInput(formOf(question), options);
    asking = null;
    if (result.action !== "accept") {
      dismissed = question;
      await run.cancel();
      return true;
    }
    const answer = answerIn(result, question);
    if (answer !== undefined) await run.answer(answer, time);
    return answer !== undefined;
  };

  run.onEvent((event) => {
    switch (event.type) {
      case "question": {
        const elicits = server.getClientCapabilities()?.elicitation?.form !== undefined;
        if (!elicits || isSecret(event.question)) {
          elsewhere(event);
          return;
        }
        asking = new AbortController();
        void put(event, asking.signal)
          .catch(() => false)
          .then((done) => {
            if (!done && run.question?.askedAt === event.time) elsewhere(event);
          });
        break;
      }
      // Another process may have answered, or the agent waits no longer.
      case "answer":
      case "retry":
      case "finished":
        asking?.abort();
        asking = null;
    }
  });
  return () => dismissed;
}
