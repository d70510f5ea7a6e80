/** How well a grouping fits the true one. Each is 0 to 1. */
export interface Accuracy {
  /** The share of messages whose whole group equals the true one (GA of the literature). */
  messages: number;
  /** The F1 of groups: of all found and all true groups, those that equal each other (FGA). */
  groups: number;
  /** The F1 of pairs of messages that are in one group. */
  pairs: number;
}

export function accuracyOf(found: readonly unknown[], truth: readonly unknown[]): Accuracy {
  const [a, b] = [sizesOf(found), sizesOf(truth)];
  const both = new Map<unknown, Map<unknown, number>>();
  found.forEach((group, i) => {
    let row = both.get(group);
    if (row === undefined) both.set(group, (row = new Map<unknown, number>()));
    row.set(truth[i], (row.get(truth[i]) ?? 0) + 1);
  });
  let messages = 0;
  let groups = 0;
  let together = 0;
  for (const [group, row] of both)
    for (const [event, count] of row) {
      together += pairs(count);
      if (count !== a.get(group) || count !== b.get(event)) continue;
      messages += count;
      groups += 1;
    }
  const sum = (sizes: Map<unknown, number>) =>
    [...sizes.values()].reduce((all, size) => all + pairs(size), 0);
  return {
    messages: messages / found.length,
    groups: (2 * groups) / (a.size + b.size),
    pairs: f1(together, sum(a), sum(b)),
  };
}

const pairs = (count: number): number => (count * (count - 1)) / 2;

const f1 = (both: number, found: number, truth: number): number =>
  found + truth === 0 ? 1 : (2 * both) / (found + truth);

function sizesOf(labels: readonly unknown[]): Map<unknown, number> {
  const sizes = new Map<unknown, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return sizes;
}
