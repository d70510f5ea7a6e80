/** Computes: in a thread of its own it keeps nobody waiting. */
export class TrendAgent {
  execute({ sales }: { sales: number[] }): { next: number } {
    const slope = ((sales.at(-1) ?? 0) - (sales[0] ?? 0)) / Math.max(1, sales.length - 1);
    return { next: Math.round((sales.at(-1) ?? 0) + slope) };
  }
}
