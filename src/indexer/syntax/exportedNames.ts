import type { Expr, FileModel } from "./fileModel.ts";
import { ownValue } from "./ownValue.ts";

interface Named {
  name: string | null;
  exported: string | null;
}

/** Notes on classes, makings and functions the name they are exported under: their own where possible, else another, else "default". */
export function exportedNames(model: FileModel): void {
  const offered = new Map(model.exports);
  if (model.commonjs?.kind === "object") {
    for (const [name, expr] of model.commonjs.members) offered.set(name, expr);
  } else if (model.commonjs !== null) offered.set("default", model.commonjs);
  for (const [name, expr] of offered) noteExported(model, expr, name);
  for (const [name, expr] of offered) {
    const object = ownValue(model, expr);
    if (object?.kind !== "object") continue;
    for (const [member, inner] of object.members) {
      if (nameable(model, inner)?.exported === null) noteExported(model, inner, `${name}.${member}`);
    }
  }
}

function noteExported(model: FileModel, expr: Expr, name: string): void {
  const found = nameable(model, expr);
  if (found === null) return;
  if (found.exported === null || found.exported === "default" || name === found.name) found.exported = name;
}

/** What of this very file an expression names, without looking into other files. */
function nameable(model: FileModel, expr: Expr): Named | null {
  const value = ownValue(model, expr);
  switch (value?.kind) {
    case "class":
      return model.classes[value.index] ?? null;
    case "new":
    case "call":
      return model.makings[value.making] ?? null;
    case "function": {
      const found = model.functions[value.index] ?? null;
      return model.classes[found?.constructs ?? -1] ?? found;
    }
    default:
      return null;
  }
}
