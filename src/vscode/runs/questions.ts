import * as vscode from "vscode";
import type { Answer, Question } from "../../model/runRecord.ts";

/** Asks the user what an agent asks. Undefined where the user gives no answer now. */
export async function askUser(name: string, question: Question): Promise<Answer | undefined> {
  const box = { title: `${name} asks`, ignoreFocusOut: true };
  switch (question.kind) {
    case "approve": {
      const picked = await vscode.window.showQuickPick(["Yes", "No"], {
        ...box,
        placeHolder: question.message,
      });
      return picked === undefined ? undefined : picked === "Yes";
    }
    case "choose":
      return vscode.window.showQuickPick([...question.options], { ...box, placeHolder: question.message });
    case "text":
      return vscode.window.showInputBox({
        ...box,
        prompt: question.message,
        value: question.default ?? "",
        password: question.secret ?? false,
      });
  }
}
