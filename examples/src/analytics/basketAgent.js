import { WorkflowAgent } from "../core/workflowAgent";

/**
 * Finds articles that are bought together.
 * @extends {WorkflowAgent<{ baskets: string[][] }, { pair: string, count: number }[]>}
 */
class BasketAgent extends WorkflowAgent {
  /**
   * @override
   * @param {{ baskets: string[][] }} task
   */
  validate(task) {
    return Array.isArray(task.baskets) ? undefined : "baskets is missing";
  }

  /**
   * @override
   * @param {{ baskets: string[][] }} task
   */
  perform({ baskets }) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const basket of baskets) {
      const articles = [...new Set(basket)].sort();
      articles.forEach((first, index) => {
        for (const second of articles.slice(index + 1)) {
          const pair = `${first} + ${second}`;
          counts.set(pair, (counts.get(pair) ?? 0) + 1);
        }
      });
    }
    return [...counts].map(([pair, count]) => ({ pair, count })).sort((a, b) => b.count - a.count);
  }
}

export { BasketAgent };
