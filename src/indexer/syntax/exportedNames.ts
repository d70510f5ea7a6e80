import type { Expr, FileModel } from "./fileModel.ts";

/** Notes on every class the name it is exported under: its own where possible, else another, else "default". */
export function exportedNames(model: FileModel): void {
  const offered = new Map(model.exports);
  if (model.commonjs?.kind === "object") {
    for (const [name, expr] of model.commonjs.members) offered.set(name, expr);
  } else if (model.commonjs !== null) offered.set("default", model.commonjs);
  for (const [name, expr] of offered) {
    const found = ownClass(model, expr, 0);
    if (found === null) continue;
    if (found.exported === null || found.exported === "default" || name === found.name) found.exported = name;
  }
}

/** The class of this very file an expression names, without looking into other files. */
function ownClass(model: FileModel, expr: Expr, depth: number): FileModel["classes"][number] | null {
  if (depth > 10) return null;
  if (expr.kind === "class") return model.classes[expr.index] ?? null;
  if (expr.kind !== "name") return null;
  for (let scope: number | null = expr.scope; scope !== null;) {
    const known: FileModel["scopes"][number] | undefined = model.scopes[scope];
    const bound = known?.names.get(expr.name);
    if (bound !== undefined) return bound === expr ? null : ownClass(model, bound, depth + 1);
    scope = known?.parent ?? null;
  }
  return null;
}
