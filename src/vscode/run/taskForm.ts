import * as vscode from "vscode";
import {
  choicesOf,
  fieldText,
  fieldValue,
  taskOf,
  valuesIn,
  type FormField,
} from "../../model/task/formFields.ts";
import { nameOf } from "../../model/task/taskProblems.ts";

/** "json": the rest is to be written as JSON, beginning with what was given so far. */
export interface FormAnswer {
  as: "task" | "json";
  task: unknown;
}

const editAsJson: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("json"),
  tooltip: "Edit as JSON",
};

type Step = "back" | "json" | { value: unknown } | undefined;

/** Asks for one field after the other; undefined when the user pressed Escape. */
export async function askForm(
  title: string,
  fields: readonly FormField[],
  last: unknown,
): Promise<FormAnswer | undefined> {
  const values = valuesIn(fields, last);
  for (let at = 0; at < fields.length;) {
    const field = fields[at];
    if (field === undefined) break;
    const step = await askField(title, field, values[at] ?? field.shape.default, [at + 1, fields.length]);
    if (step === undefined) return undefined;
    if (step === "json") return { as: "json", task: taskOf(fields, values) };
    if (step === "back") at -= 1;
    else values[at++] = step.value;
  }
  return { as: "task", task: taskOf(fields, values) };
}

async function askField(
  title: string,
  field: FormField,
  value: unknown,
  [step, total]: [number, number],
): Promise<Step> {
  const choices = choicesOf(field.shape);
  const input = choices === null ? typing(field, value) : choosing(field, choices, value);
  const { box, answer } = input;
  box.title = `${title}: ${field.name ?? "task"}`;
  if (total > 1) Object.assign(box, { step, totalSteps: total });
  box.ignoreFocusOut = true;
  box.buttons = [...(step > 1 ? [vscode.QuickInputButtons.Back] : []), editAsJson];
  const closed = new Promise<Step>((resolve) => {
    box.onDidTriggerButton((button) => resolve(button === editAsJson ? "json" : "back"));
    box.onDidHide(() => resolve(undefined));
    void answer.then(resolve);
  });
  box.show();
  try {
    return await closed;
  } finally {
    box.dispose();
  }
}

interface Input {
  box: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;
  answer: Promise<Step>;
}

function typing(field: FormField, value: unknown): Input {
  const box = vscode.window.createInputBox();
  box.value = fieldText(field, value);
  box.prompt = hintOf(field);
  const check = () => {
    const given = fieldValue(field, box.value);
    box.validationMessage = given.ok ? undefined : given.problem;
    return given;
  };
  // Nothing is wrong before anything is typed.
  box.onDidChangeValue(() => void check());
  const answer = new Promise<Step>((resolve) => {
    box.onDidAccept(() => {
      const given = check();
      if (given.ok) resolve({ value: given.value });
    });
  });
  return { box, answer };
}

type Choice = vscode.QuickPickItem & { value: unknown };

function choosing(field: FormField, choices: readonly unknown[], value: unknown): Input {
  const box = vscode.window.createQuickPick<Choice>();
  const items: Choice[] = choices.map((choice) => ({
    label: typeof choice === "string" && choice !== "" ? choice : JSON.stringify(choice),
    ...(choice === field.shape.default && { description: "default" }),
    value: choice,
  }));
  if (!field.required) items.push({ label: "Leave out", description: "optional", value: undefined });
  box.items = items;
  const current = items.find((item) => item.value === value);
  if (current !== undefined) box.activeItems = [current];
  box.placeholder = hintOf(field);
  const answer = new Promise<Step>((resolve) => {
    box.onDidAccept(() => {
      const [picked] = box.activeItems;
      if (picked !== undefined) resolve({ value: picked.value });
    });
  });
  return { box, answer };
}

/** "What to look for · a text, optional" */
function hintOf({ shape, required }: FormField): string {
  const kind = choicesOf(shape) === null ? nameOf(shape) : "";
  const facts = [kind, required ? "" : "optional: Enter leaves it out"].filter(Boolean).join(", ");
  return [shape.description ?? "", facts].filter(Boolean).join(" · ");
}
