import * as vscode from "vscode";
import type { FormField } from "../../model/task/formFields.ts";
import { parseJson, type Parsed } from "./jsonInput.ts";
import { askForm } from "./taskForm.ts";

export interface JsonBox {
  title: string;
  prompt: string;
  placeHolder?: string;
  /** What it starts with. */
  value: string;
  parse: (text: string) => Parsed;
}

/** What was answered, and as which JSON it is remembered. */
export interface Asked {
  value: unknown;
  text: string;
}

/** Asks for JSON that fits. Undefined when the user pressed Escape. */
export async function askJson({ parse, ...options }: JsonBox): Promise<Asked | undefined> {
  const text = await vscode.window.showInputBox({
    ...options,
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const parsed = parse(typed);
      return parsed.ok
        ? undefined
        : { message: parsed.problem, severity: vscode.InputBoxValidationSeverity.Error };
    },
  });
  const parsed = text === undefined ? undefined : parse(text);
  return text === undefined || !parsed?.ok ? undefined : { value: parsed.value, text };
}

/**
 * Asks field by field where the fields are known, and for JSON where they are not or the user prefers it. Undefined when the
 * user pressed Escape.
 * @param last the JSON that was answered the last time
 * @param boxOf the box that starts with what is known so far, where anything is
 */
export async function askTask(
  title: string,
  fields: readonly FormField[] | null,
  last: string | undefined,
  boxOf: (draft: string | undefined) => JsonBox,
): Promise<Asked | undefined> {
  if (fields === null) return askJson(boxOf(last));
  const parsed = last === undefined ? undefined : parseJson(last);
  const answer = await askForm(title, fields, parsed?.ok ? parsed.value : undefined);
  if (answer === undefined) return undefined;
  const text = JSON.stringify(answer.task) as string | undefined;
  if (answer.as === "task" && text !== undefined) return { value: answer.task, text };
  return askJson(boxOf(text === "{}" ? undefined : text));
}
