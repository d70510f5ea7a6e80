export interface ForecastTask {
  /** Sales of the last days. */
  sales: number[];
  /** How long to simulate, in seconds; 1 where not given. */
  seconds?: number;
}

/** Monte Carlo forecast: pure computation, occupies its thread for as long as it is given. */
export class ForecastAgent {
  execute({ sales, seconds = 1 }: ForecastTask): {
    mean: number;
    low: number;
    high: number;
    samples: number;
  } {
    if (sales.length === 0) throw new RangeError("A forecast needs at least one day of sales");
    const end = performance.now() + seconds * 1000;
    const mean = sales.reduce((sum, value) => sum + value, 0) / sales.length;
    const spread = Math.sqrt(sales.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sales.length);
    let [low, high, samples] = [Infinity, -Infinity, 0];
    do {
      const noise = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
      const sample = mean + spread * noise;
      low = Math.min(low, sample);
      high = Math.max(high, sample);
      samples += 1;
    } while (performance.now() < end);
    return { mean, low, high, samples };
  }
}
