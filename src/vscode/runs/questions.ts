import * as vscode from "vscode";
import type { Given } from "../../model/runControl.ts";
import type { Question } from "../../model/runRecord.ts";
import { givenOption } from "../../runs/control/openQuestion.ts";

/** Asks the user what an agent asks. Undefined where the user gives no answer now. */
export async function askUser(name: string, question: Question): Promise<Given | undefined> {
  const box = { title: `${name} asks`, ignoreFocusOut: true };
  switch (question.kind) {
    case "approve": {
      const picked = await vscode.window.showQuickPick(["Yes", "No"], {
        ...box,
        placeHolder: question.message,
      });
      return picked === undefined ? undefined : picked === "Yes";
    }
    case "choose": {
      const items = question.options.map((label, place) => ({ label, place }));
      const picked = await vscode.window.showQuickPick(items, { ...box, placeHolder: question.message });
      return picked && givenOption(question.options, picked.place);
    }
    case "text":
      return vscode.window.showInputBox({
        ...box,
        prompt: question.message,
        value: question.default ?? "",
        password: question.secret ?? false,
      });
  }
}
