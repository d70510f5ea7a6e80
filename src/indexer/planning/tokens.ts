import { ts } from "ts-morph";

/** What a compiler sees of a piece of code: without comments, and without what formatters decide. */
export function tokensOf(nodes: readonly ts.Node[], source: ts.SourceFile): string[] {
  const leaves: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length > 0) children.forEach(visit);
    else if (node.end > node.pos) leaves.push(textOf(node, source));
  };
  nodes.forEach(visit);
  return leaves.filter((token, index) => !isOptional(token, leaves[index - 1], leaves[index + 1]));
}

function textOf(node: ts.Node, source: ts.SourceFile): string {
  return ts.isStringLiteral(node) ? JSON.stringify(node.text) : node.getText(source);
}

/** Semicolons, trailing commas, and the bar before the first part of a union that is broken into lines. */
function isOptional(token: string, before = "", after = ""): boolean {
  if (token === ";" || token === "") return true;
  if (token === ",") return /^[)\]}>]$/.test(after);
  return (token === "|" || token === "&") && /^[:(<,=]$/.test(before);
}
