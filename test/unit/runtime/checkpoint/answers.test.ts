import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CheckpointStore,
  FileCheckpointStore,
  MemoryCheckpointStore,
  type RecordedAnswer,
} from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "answers-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answers = (): RecordedAnswer[] => [
  { question: { kind: "approve", message: "Go on?" }, answer: false },
  { question: { kind: "choose", message: "Which?", options: ["a", "b"] }, answer: "b" },
  { question: { kind: "text", message: "Name?", default: "x" }, answer: "" },
];

const files = (): CheckpointStore => new FileCheckpointStore(folder);

describe.each<[string, () => CheckpointStore, (store: CheckpointStore) => CheckpointStore]>([
  ["files", files, files],
  ["memory", () => new MemoryCheckpointStore(), (store) => store],
])("answers and the version of the state in %s", (_, open, reopen) => {
  it("are kept, and absent where there were none", () => {
    const store = open();
    const { id } = store.save(draft({ stateVersion: 3, answers: answers() }));
    const plain = store.save(draft());
    const read = reopen(store);
    expect(read.load(id)).toMatchObject({ stateVersion: 3, answers: answers() });
    expect(read.list("worker").find((one) => one.id === id)?.stateVersion).toBe(3);
    expect(read.load(plain.id)).not.toHaveProperty("answers");
    expect(read.load(plain.id)).not.toHaveProperty("stateVersion");
  });

  it("are copies", () => {
    const store = open();
    const given = answers();
    const { id } = store.save(draft({ answers: given }));
    given.length = 0;
    const loaded = store.load(id);
    loaded?.answers?.pop();
    expect(store.load(id)?.answers).toEqual(answers());
  });

  it("lose their secrets on the way, counted", () => {
    const store = open();
    const secrets: RecordedAnswer[] = [
      { question: { kind: "text", message: "Which API key?" }, answer: "plain-looking" },
      { question: { kind: "text", message: "Where?" }, answer: "ghp_0123456789abcdefghijABCDEFGHIJ0123" },
      { question: { kind: "text", message: "Your password" }, answer: "" },
      { question: { kind: "text", message: "Your code", secret: true }, answer: "plain-looking" },
    ];
    const { id, redactions } = store.save(draft({ answers: secrets }));
    expect(redactions).toBe(3);
    const kept = store.load(id)?.answers?.map(({ answer }) => answer);
    expect(kept).toEqual(["[redacted]", "[redacted]", "", "[redacted]"]);
  });
});
