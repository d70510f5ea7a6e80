import { expect, it } from "vitest";
import { BatchQuestions } from "../../../src/vscode/runs/batchQuestions.ts";

class Asker {
  question: object | null = {};
}

function asking(count: number) {
  const questions = new BatchQuestions<Asker>();
  const askers = Array.from({ length: count }, () => new Asker());
  for (const asker of askers) questions.add("b", asker);
  return { questions, askers };
}

it("A run of a batch that asks alone is told by itself, each time", () => {
  const { questions, askers } = asking(1);
  expect(questions.toTell("b", askers[0] as Asker)).toEqual(askers);
  questions.add("other", new Asker());
  expect(questions.toTell("b", askers[0] as Asker)).toEqual(askers);
});

it("Runs of a batch that ask at the same time are told once, together", () => {
  const { questions, askers } = asking(3);
  expect(askers.map((asker) => questions.toTell("b", asker).length)).toEqual([3, 0, 0]);
  const further = new Asker();
  questions.add("b", further);
  expect(questions.toTell("b", further)).toEqual([]);
});

it("They are told anew once what was asked before is answered, and what is answered already is not told", () => {
  const { questions, askers } = asking(2);
  const [first, second] = askers as [Asker, Asker];
  expect(questions.toTell("b", first)).toEqual(askers);
  first.question = null;
  expect(questions.toTell("b", first)).toEqual([]);
  second.question = null;
  const later = [new Asker(), new Asker()] as const;
  questions.add("b", later[0]);
  expect(questions.toTell("b", later[0])).toEqual([later[0]]);
  questions.add("b", later[1]);
  expect(questions.toTell("b", later[1])).toEqual(later);
});
