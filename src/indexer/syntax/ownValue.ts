import type { Expr, FileModel } from "./fileModel.ts";

const MAX_DEPTH = 10;

/** What an expression stands for as far as its own file tells: names are followed to what they are bound to, imports are not. */
export function ownValue(model: FileModel, expr: Expr): Expr | null {
  let value: Expr | undefined = expr;
  for (let depth = 0; value?.kind === "name"; depth += 1) {
    if (depth > MAX_DEPTH) return null;
    const bound = boundTo(model, value.name, value.scope);
    value = bound === value ? undefined : bound;
  }
  return value ?? null;
}

function boundTo(model: FileModel, name: string, start: number): Expr | undefined {
  for (let scope: number | null = start; scope !== null;) {
    const known: FileModel["scopes"][number] | undefined = model.scopes[scope];
    const bound = known?.names.get(name);
    if (bound !== undefined) return bound;
    scope = known?.parent ?? null;
  }
  return undefined;
}
