import { MessageChannel, type MessagePort } from "node:worker_threads";
import { AgentUsageError, describeError, ExecutionAbortedError } from "../core/errors.ts";
import { AgentMetadata, type AgentMetadataInit } from "../core/metadata.ts";
import type { Answer, Answerer, Question } from "../core/question.ts";
import { fromPlainThrown, type PlainThrown, toPlainThrown } from "./plainThrown.ts";

/** A question on its way to the program. */
export interface ThreadQuestion {
  question: Question;
  agent: AgentMetadataInit;
  runId: string | null;
  /** Takes what came of it, once; says that the answer is no longer waited for, or closes as the thread ends. */
  port: MessagePort;
}

/** The agent checks what the answerer gave. */
type Answered = { answer: Answer | undefined } | { error: PlainThrown };

const noLonger = () => new ExecutionAbortedError("The answer is no longer waited for.");

/** The answerer of agents in a thread: it puts their questions to the program's. */
export function remoteAnswerer(send: (question: ThreadQuestion) => void): Answerer {
  return (question, { signal, agent, runId }) => {
    if (signal.aborted) throw noLonger();
    const { port1, port2 } = new MessageChannel();
    const { name, agentType, capabilities, version, tools } = agent;
    return new Promise((resolve, reject) => {
      port1.on("message", (answered: Answered) => {
        port1.close();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown stays as it is
        if ("error" in answered) reject(fromPlainThrown(answered.error));
        else resolve(answered.answer);
      });
      port1.on("close", () => reject(noLonger()));
      signal.addEventListener("abort", () => {
        // An idle thread sleeps, and closes nothing until it is woken.
        port1.postMessage("withdrawn");
        port1.close();
      });
      send({ question, agent: { name, agentType, capabilities, version, tools }, runId, port: port2 });
    });
  };
}

/** Answers what a thread asks. */
export async function answerThread(
  { question, agent, runId, port }: ThreadQuestion,
  answerer: Answerer,
): Promise<void> {
  const controller = new AbortController();
  port.on("message", () => port.close());
  port.on("close", () => controller.abort(noLonger()));
  port.unref();
  const { signal } = controller;
  try {
    const answer = await answerer(question, { signal, agent: new AgentMetadata(agent), runId });
    port.postMessage({ answer } satisfies Answered);
  } catch (thrown) {
    const isAnswer = describeError(thrown).name === "DataCloneError";
    const error = isAnswer
      ? new AgentUsageError(
          `The answerer gave what cannot be sent to a thread: ${describeError(thrown).message}`,
        )
      : thrown;
    port.postMessage({ error: toPlainThrown(error) } satisfies Answered);
  }
}
