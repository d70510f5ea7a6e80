import * as z from "zod";

/** What agents consumed, in tokens and in the currency of their choice. */
export const Usage = z.object({ tokens: z.number(), cost: z.number() });
export type Usage = z.infer<typeof Usage>;

export const NO_USAGE: Usage = { tokens: 0, cost: 0 };

/** Cents do not gather the digits that binary fractions leave behind. */
const PRECISION = 12;

export const addUsage = (total: Usage, more: Usage): Usage => ({
  tokens: sum(total.tokens, more.tokens),
  cost: sum(total.cost, more.cost),
});

const sum = (a: number, b: number): number => Number((a + b).toPrecision(PRECISION));

/** "1,200 tokens, cost 0.03"; "" where nothing was consumed. */
export function usageText({ tokens, cost }: Usage): string {
  const parts = [
    tokens > 0 ? `${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}` : "",
    cost > 0 ? `cost ${cost.toLocaleString("en", { maximumSignificantDigits: 6 })}` : "",
  ];
  return parts.filter(Boolean).join(", ");
}
