/**
 * Drain, the yardstick for grouping messages: P. He, J. Zhu, Z. Zheng, M. R. Lyu, "Drain: An Online Log Parsing
 * Approach with Fixed Depth Tree", ICWS 2017. Written from the paper: a tree by token count and leading tokens, whose
 * leaves hold groups; a message joins the group that is most similar to it, or founds one.
 */
export interface DrainSettings {
  /** Of the tree: the root, the layer of lengths, layers of tokens, the leaves; so the code of its authors counts (logpai/logparser). */
  depth: number;
  /** The share of tokens that a message has in common with its group, at least. */
  similarity: number;
  /** What is replaced by `<*>` before all else. */
  preprocessing: readonly RegExp[];
}

/** As the paper has it: at most so many different tokens under a node, all others share one. */
const mostChildren = 100;
const wildcard = "<*>";

interface Group {
  id: number;
  template: string[];
}

interface Node {
  children: Map<string, Node>;
  groups: Group[];
}

const makeNode = (): Node => ({ children: new Map(), groups: [] });

export class Drain {
  readonly #settings: DrainSettings;
  readonly #lengths = new Map<number, Node>();
  #count = 0;

  constructor(settings: DrainSettings) {
    this.#settings = settings;
  }

  /** The number of the message's group. */
  add(message: string): number {
    let text = message;
    for (const expression of this.#settings.preprocessing) text = text.replace(expression, wildcard);
    const tokens = text.trim().split(/\s+/);
    const { groups } = this.#leafFor(tokens);
    const group = mostSimilar(groups, tokens, this.#settings.similarity);
    if (group === null) {
      this.#count += 1;
      groups.push({ id: this.#count, template: tokens });
      return this.#count;
    }
    group.template = group.template.map((token, i) => (token === tokens[i] ? token : wildcard));
    return group.id;
  }

  #leafFor(tokens: readonly string[]): Node {
    let node = this.#lengths.get(tokens.length);
    if (node === undefined) this.#lengths.set(tokens.length, (node = makeNode()));
    for (const token of tokens.slice(0, this.#settings.depth - 3)) node = childFor(node, token);
    return node;
  }
}

function childFor({ children }: Node, token: string): Node {
  const full = children.size >= (children.has(wildcard) ? mostChildren : mostChildren - 1);
  const known = children.get(token);
  if (known !== undefined) return known;
  const key = /\d/.test(token) || full ? wildcard : token;
  let child = children.get(key);
  if (child === undefined) children.set(key, (child = makeNode()));
  return child;
}

function mostSimilar(groups: readonly Group[], tokens: readonly string[], least: number): Group | null {
  let best: { group: Group; similarity: number; wildcards: number } | null = null;
  for (const group of groups) {
    let same = 0;
    let wildcards = 0;
    group.template.forEach((token, i) => {
      if (token === wildcard) wildcards += 1;
      else if (token === tokens[i]) same += 1;
    });
    const similarity = same / tokens.length;
    if (
      best === null ||
      similarity > best.similarity ||
      (similarity === best.similarity && wildcards > best.wildcards)
    )
      best = { group, similarity, wildcards };
  }
  return best !== null && best.similarity >= least ? best.group : null;
}
