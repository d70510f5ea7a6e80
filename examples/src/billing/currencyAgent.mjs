/** @type {Record<string, number>} euros for one unit */
const rates = { EUR: 1, USD: 0.92, GBP: 1.17, CHF: 1.04 };

/** Converts amounts with the rates of last month's closing. */
export default class CurrencyAgent {
  /** @param {{ amount: number, from: string, to: string }} task */
  execute({ amount, from, to }) {
    const [source, target] = [rates[from], rates[to]];
    if (!source || !target) throw new RangeError(`There is no rate from ${from} to ${to}`);
    return Math.round(((amount * source) / target) * 100) / 100;
  }
}
