import { existsSync } from "node:fs";
import { join } from "node:path";
import { errorOf } from "../../src/patterns/errorText.ts";
import { MessageGroups } from "../../src/patterns/grouping/messageGroups.ts";
import { signatureOf } from "../../src/runtime/patterns/signature.ts";
import type { Bench, Figure } from "./bench.ts";
import { compilerMessages } from "./compilerMessages.ts";
import { Drain, type DrainSettings } from "./drain.ts";
import { plainDrain, tunedDrain } from "./drainSettings.ts";
import { accuracyOf, type Accuracy } from "./groupingAccuracy.ts";
import { labelledLogs, type LabelledLog } from "./labelledLogs.ts";

/** git clone --depth 1 https://github.com/logpai/loghub test-output/loghub */
const folder = process.env.LABELLED_LOGS ?? join(import.meta.dirname, "../../test-output/loghub");
/** The systems whose wrong groups were looked at while the grouping was made; the others show what it is worth elsewhere. */
const lookedAt =
  "Android Apache HDFS HealthApp Linux Mac OpenStack Proxifier Spark Thunderbird Zookeeper".split(" ");

const ways: Record<string, (log: LabelledLog) => readonly unknown[]> = {
  ours: ({ messages }) => {
    const groups = new MessageGroups();
    const numbers = messages.map((message) => groups.show(signatureOf(errorOf(message))));
    return numbers.map((number) => groups.at(number ?? -1)?.signature);
  },
  alone: ({ messages }) => messages.map((message) => signatureOf(errorOf(message)).signature),
  Drain: ({ messages }) => drained(messages, plainDrain),
  "Drain, tuned": ({ name, messages }) => drained(messages, tunedDrain(name) ?? plainDrain),
};

function drained(messages: readonly string[], settings: DrainSettings): number[] {
  const drain = new Drain(settings);
  return messages.map((message) => drain.add(message));
}

interface Judged {
  name: string;
  accuracies: Accuracy[];
}

export const bench: Bench = {
  run(): (Figure | string)[] {
    const made = compilerMessages();
    const real = existsSync(folder) ? labelledLogs(folder) : [];
    const logs = made === null ? real : [...real, made];
    const ms = Object.keys(ways).map(() => 0);
    // The engine compiles what it runs often; that is not what is measured here.
    for (const log of logs) for (const way of Object.values(ways)) way(log);
    const judged = logs.map((log): Judged => {
      const accuracies = Object.values(ways).map((way, i) => {
        const started = performance.now();
        const found = way(log);
        ms[i] = (ms[i] ?? 0) + performance.now() - started;
        return accuracyOf(found, log.labels);
      });
      return { name: log.name, accuracies };
    });
    const messages = logs.reduce((sum, log) => sum + log.messages.length, 0);
    const rates = ms.map((time) => `${Math.round((messages / time) * 1e3)}/s`);
    const ofReal = judged.slice(0, real.length);
    return [
      ...(real.length === 0
        ? [
            `no labelled logs in ${folder}: clone github.com/logpai/loghub there, or name another folder with LABELLED_LOGS`,
          ]
        : []),
      "GA: messages whose whole group is right; FGA: F1 of groups; pairs: F1 of pairs of messages",
      head(),
      ...judged.map(({ name, accuracies }) => row(name, accuracies)),
      ...average("all systems", ofReal),
      ...average(
        "  looked at",
        ofReal.filter(({ name }) => lookedAt.includes(name)),
      ),
      ...average(
        "  not looked at",
        ofReal.filter(({ name }) => !lookedAt.includes(name)),
      ),
      ["messages/s".padEnd(16), ...rates.map((rate) => rate.padEnd(19))].join("  ").trimEnd(),
      "Drain: similarity 0.4, two layers of tokens; tuned: the published settings of each system; alone: the signature in error_patterns.json",
      ...goal(ofReal),
    ];
  },
};

const head = (): string =>
  ["".padEnd(16), ...Object.keys(ways).map((way) => `${way}: GA FGA pairs`.padEnd(19))].join("  ").trimEnd();

const row = (name: string, accuracies: readonly Accuracy[]): string =>
  [
    name.padEnd(16),
    ...accuracies.map(({ messages, groups, pairs }) =>
      [messages, groups, pairs]
        .map((share) => share.toFixed(3))
        .join(" ")
        .padEnd(19),
    ),
  ]
    .join("  ")
    .trimEnd();

function mean(judged: readonly Judged[]): Accuracy[] {
  return Object.keys(ways).map((_, i) => {
    const of = (share: keyof Accuracy) =>
      judged.reduce((sum, { accuracies }) => sum + (accuracies[i]?.[share] ?? 0), 0) / judged.length;
    return { messages: of("messages"), groups: of("groups"), pairs: of("pairs") };
  });
}

const average = (name: string, judged: readonly Judged[]): string[] =>
  judged.length === 0 ? [] : [row(name, mean(judged))];

function goal(judged: readonly Judged[]): Figure[] {
  const [ours, , drain] = mean(judged);
  if (judged.length === 0 || ours === undefined || drain === undefined) return [];
  return [
    {
      name: "grouping accuracy, average",
      ours: ours.messages,
      ...{ yardstick: drain.messages, yardstickName: "Drain" },
      ...{ unit: "GA", goal: { atLeast: 1.1 } },
    },
  ];
}
