import { describe, expect, it } from "vitest";
import { readAgentLimits } from "../../../src/model/agentLimits.ts";
import { UserError } from "../../../src/model/userError.ts";
import { AgentSlots } from "../../../src/runs/agentSlots.ts";

const agent = (path: string, name: string) => ({ root: "/w", file: `/w/${path}`, name });

describe("The slots of agents", () => {
  it("are those of the most exact limit, and of equal ones of the smallest", () => {
    const slots = new AgentSlots({
      ...{ "*": 9, "*Crawler": 8, "Web*": 7, "src/*#*": 6, WebCrawler: 5, "src/a.ts#WebCrawler": 4 },
    });
    const most = (path: string, name: string) => slots.of(agent(path, name))?.concurrency;
    expect(most("src/a.ts", "WebCrawler")).toBe(4);
    expect(most("src/b.ts", "WebCrawler")).toBe(5);
    expect(most("src/deep/b.ts", "FileCrawler")).toBe(6);
    expect(most("b.ts", "WebSearchCrawler")).toBe(7);
    expect(most("b.ts", "FileCrawler")).toBe(8);
    expect(most("b.ts", "Writer")).toBe(9);
  });

  it("are each agent's own, always the same, and none where no limit names it", () => {
    const slots = new AgentSlots({ "*er": 2, "a.ts": 1 });
    const crawler = slots.of(agent("a.ts", "Crawler"));
    expect(crawler).toBeDefined();
    expect(slots.of(agent("a.ts", "Crawler"))).toBe(crawler);
    expect(slots.of(agent("a.ts", "Writer"))).not.toBe(crawler);
    expect(slots.of(agent("b.ts", "Crawler"))).not.toBe(crawler);
    expect(slots.of(agent("a.ts", "Echo"))).toBeUndefined();
  });

  it("follow their limits", () => {
    const slots = new AgentSlots({ Crawler: 2 });
    const crawler = slots.of(agent("a.ts", "Crawler"));
    slots.set({ "*": 3 });
    expect(crawler?.concurrency).toBe(3);
    slots.set({});
    expect([crawler?.concurrency, slots.of(agent("a.ts", "Crawler"))]).toEqual([Infinity, undefined]);
  });

  it("are refused with a sentence where a limit is none", () => {
    for (const wrong of [0, -1, 1.5, Number.NaN, "2"])
      expect(() => new AgentSlots({ Crawler: wrong as number })).toThrow(UserError);
    expect(() => new AgentSlots({ "a.ts#": 1 })).toThrow(
      '"a.ts#" names no agent whose runs could be limited: write FILE#Class, a class name, or either with *.',
    );
    expect(readAgentLimits({ Crawler: 1, "": 2, Writer: 0 })).toEqual({
      limits: { Crawler: 1 },
      problems: [
        '"" names no agent whose runs could be limited: write FILE#Class, a class name, or either with *.',
        'How many runs of "Writer" may be at work at a time is a whole number from 1, not 0.',
      ],
    });
    expect(readAgentLimits([1]).problems).toEqual(['Limits of agents are an object such as {"Crawler": 2}.']);
    expect(readAgentLimits(undefined)).toEqual({ limits: {}, problems: [] });
  });
});
