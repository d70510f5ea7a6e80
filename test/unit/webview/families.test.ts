import { describe, expect, it } from "vitest";
import type { Picture, PictureNode } from "../../../src/model/picture.ts";
import { withRealColours } from "../../../src/webview/families/colours.ts";
import { neighbour } from "../../../src/webview/families/keys.ts";
import { layOut, type Layout } from "../../../src/webview/families/layout.ts";
import { find } from "../../../src/webview/families/search.ts";
import { foldRule, withoutTests, type Fold } from "../../../src/webview/families/tree.ts";
import { fit, pan, reveal, start, zoomAt } from "../../../src/webview/families/viewport.ts";

function node(name: string, base: string | null = null, fields: Partial<PictureNode> = {}): PictureNode {
  return {
    id: name,
    name,
    kind: "agent",
    abstract: false,
    test: false,
    migrated: false,
    place: null,
    origin: `src/${name}.ts`,
    base,
    ...fields,
  };
}

const link = (from: string, to: string) => ({ from, to, how: ["calls" as const] });
const open = () => "open" as const;

function overlaps({ boxes }: Layout): string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(
        (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      )
      .map((b) => `${a.node.name} and ${b.node.name}`),
  );
}

/** Families of every size and depth, and agents that stand alone. */
function crowd(size: number): Picture {
  const nodes = Array.from({ length: size }, (_, i) => {
    if (i % 5 === 0) return node(`Agent${i}`);
    const base = i % 3 === 0 ? i - 1 : Math.floor(i / 40) * 40;
    return node(`${"Very".repeat(i % 9)}Agent${i}`, base === i ? null : (byIndex[base] ?? null));
  });
  return { nodes, links: nodes.slice(1).map(({ id }, i) => link(nodes[(i * 7) % size]?.id ?? id, id)) };
}
const byIndex = Array.from({ length: 5_000 }, (_, i) =>
  i % 5 === 0 ? `Agent${i}` : `${"Very".repeat(i % 9)}Agent${i}`,
);

describe("The layout of the families", () => {
  it("draws heirs to the right of their base, below each other by name", () => {
    const { boxes, bases } = layOut(
      { nodes: [node("C", "Base"), node("Base"), node("A", "Base"), node("B", "A")], links: [] },
      open,
    );
    expect(boxes.map(({ node: { name }, x, y, width }) => ({ name, x, y, width }))).toEqual([
      { name: "Base", x: 0, y: 17, width: 86 },
      { name: "A", x: 132, y: 0, width: 65 },
      { name: "C", x: 132, y: 34, width: 65 },
      { name: "B", x: 243, y: 0, width: 31 },
    ]);
    expect(bases.map(({ from, to }) => `${from.node.name} < ${to.node.name}`)).toEqual([
      "A < Base",
      "C < Base",
      "B < A",
    ]);
  });

  it("says of a base class from outside where it is from, and shortens what is very long", () => {
    const { boxes } = layOut(
      { nodes: [node("Agent", null, { kind: "outside", origin: "kit" }), node("A".repeat(40))], links: [] },
      open,
    );
    expect(boxes.map(({ label }) => label)).toEqual([`${"A".repeat(31)}…`, "Agent · kit"]);
  });

  it.each([1, 24, 430, 2_000])("lets none of %i classes overlap, and stays within its bounds", (size) => {
    const layout = layOut(crowd(size), open);
    expect(layout.boxes).toHaveLength(size);
    expect(overlaps(layout)).toEqual([]);
    const outsideOf = layout.boxes.filter(
      ({ x, y, width, height }) =>
        x < 0 || y < 0 || x + width > layout.width + 0.01 || y + height > layout.height + 0.01,
    );
    expect(outsideOf).toEqual([]);
  });

  it("is about as wide as a window also for many small families", () => {
    const { width, height } = layOut(crowd(430), open);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(3);
  });

  it("takes no noticeable time for 2,000 classes", () => {
    const picture = crowd(2_000);
    const before = process.cpuUsage();
    layOut(picture, open);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500);
  });

  it("lets a folded class stand for its heirs, also in what they orchestrate", () => {
    const picture = {
      nodes: [node("Base"), node("A", "Base"), node("B", "A"), node("Other")],
      links: [link("B", "Other"), link("A", "Other"), link("A", "B")],
    };
    const { boxes, links } = layOut(picture, ({ node: { name } }) => (name === "Base" ? "closed" : "open"));
    expect(boxes.map(({ node: { name }, heirs, hidden }) => [name, heirs, hidden])).toEqual([
      ["Base", 2, 2],
      ["Other", 0, 0],
    ]);
    expect(links.map(({ from, to }) => [from.node.name, to.node.name])).toEqual([["Base", "Other"]]);
  });

  it("of nothing is empty", () => {
    expect(layOut({ nodes: [], links: [] }, open)).toEqual({
      boxes: [],
      bases: [],
      links: [],
      width: 0,
      height: 0,
    });
  });
});

describe("What of the families is drawn", () => {
  it("folds large families of a crowd until they are asked for", () => {
    const heirs = Array.from({ length: 200 }, (_, i) => node(`Heir${i}`, i < 60 ? "Large" : "Small"));
    const few = { nodes: [node("Large"), ...heirs.slice(0, 60)], links: [] };
    expect(layOut(few, foldRule(few, [])).boxes).toHaveLength(61);
    const many = {
      nodes: [node("Large"), node("Small"), ...heirs.slice(0, 90), ...crowd(100).nodes],
      links: [],
    };
    const folded = (turned: string[]) =>
      layOut(many, foldRule(many, turned)).boxes.flatMap(({ hidden, node: { name } }) =>
        hidden > 0 ? `${name} +${hidden}` : [],
      );
    expect(folded([])).toEqual(["Large +60"]);
    expect(folded(["Large", "Small"])).toEqual(["Small +30"]);
  });

  it("shows of large families the bases within, each with what it hides", () => {
    const heirs = Array.from({ length: 200 }, (_, i) => node(`Agent${i}`, i % 4 === 0 ? "Base" : "Tool"));
    const picture = {
      nodes: [node("Base"), node("Tool", "Base"), ...heirs],
      links: [link("Agent0", "Agent1")],
    };
    const { boxes, links } = layOut(picture, foldRule(picture, []));
    expect(boxes.map(({ node: { name }, heirs: below, hidden }) => [name, below, hidden])).toEqual([
      ["Base", 201, 50],
      ["Tool", 150, 150],
    ]);
    expect(links.map(({ from, to }) => [from.node.name, to.node.name])).toEqual([["Base", "Tool"]]);
    expect(layOut(picture, foldRule(picture, ["Tool"])).boxes).toHaveLength(152);
  });

  it("leaves test files out, with the bases that only they have", () => {
    const nodes = [
      node("Fake", "FakeBase", { test: true }),
      node("FakeBase", null, { kind: "outside" }),
      node("Real", "RealBase"),
      node("RealBase", null, { kind: "outside" }),
    ];
    const shown = withoutTests({ nodes, links: [link("Real", "Fake")] });
    expect(shown).toEqual({ nodes: nodes.slice(2), links: [] });
  });

  it("is found by a part of the name, also what is folded away", () => {
    const picture = { nodes: [node("Base"), node("PriceAgent", "Base"), node("Other")], links: [] };
    const sought = (text: string, fold: Fold = "open") =>
      [
        ...(find(
          layOut(picture, () => fold),
          picture,
          text,
        ) ?? []),
      ].map((box) => box.node.name);
    expect(sought("price")).toEqual(["PriceAgent"]);
    expect(sought("price", "closed")).toEqual(["Base"]);
    expect(sought("nothing")).toEqual([]);
    expect(find(layOut(picture, open), picture, " ")).toBeNull();
  });

  it("is walked with the arrow keys", () => {
    const layout = layOut({ nodes: [node("Base"), node("A", "Base"), node("B", "Base")], links: [] }, open);
    const [base = null, a = null, b = null] = layout.boxes;
    expect(neighbour(layout, null, "ArrowDown")).toBe(base);
    expect(neighbour(layout, base, "ArrowRight")).toBe(a);
    expect(neighbour(layout, a, "ArrowDown")).toBe(b);
    expect(neighbour(layout, b, "ArrowLeft")).toBe(base);
    expect(neighbour(layout, b, "ArrowDown")).toBeNull();
    expect(neighbour(layout, b, "Tab")).toBeNull();
  });
});

describe("The part in sight", () => {
  const window = { width: 800, height: 600 };

  it("is all of the picture, in the middle", () => {
    expect(fit({ width: 1_504, height: 100 }, window)).toEqual({ x: -48, y: -550, scale: 0.5 });
    expect(fit({ width: 10, height: 10 }, window).scale).toBe(1.2);
  });

  it("is first what can be read: all of it, or its upper left part", () => {
    const small = { width: 1_000, height: 400 };
    expect(start(small, window)).toEqual(fit(small, window));
    const { scale, ...corner } = start({ width: 5_000, height: 5_000 }, window);
    expect(scale).toBe(0.7);
    expect(corner).toEqual({ x: -24 / 0.7, y: -24 / 0.7 });
    expect(start({ width: 5_000, height: 100 }, window).y).toBeCloseTo((100 - 600 / 0.7) / 2);
  });

  it("keeps what is under the mouse when it is zoomed", () => {
    const view = zoomAt({ x: 100, y: 50, scale: 1 }, 2, { x: 400, y: 300 });
    expect(view).toEqual({ x: 300, y: 200, scale: 2 });
    expect(zoomAt(view, 1e9, { x: 0, y: 0 }).scale).toBe(4);
    expect(zoomAt(view, 1e-9, { x: 0, y: 0 }).scale).toBe(0.04);
  });

  it("moves with the mouse, and as little as needed to reveal a box", () => {
    expect(pan({ x: 0, y: 0, scale: 2 }, 10, -20)).toEqual({ x: -5, y: 10, scale: 2 });
    const box = { x: 900, y: 100, width: 50, height: 26 };
    expect(reveal({ x: 0, y: 0, scale: 1 }, window, box)).toEqual({ x: 174, y: 0, scale: 1 });
    expect(reveal({ x: 174, y: 0, scale: 1 }, window, box)).toEqual({ x: 174, y: 0, scale: 1 });
    expect(reveal({ x: 0, y: 0, scale: 0.1 }, window, box).scale).toBe(0.6);
  });
});

it("An exported picture has real colours", () => {
  const theme: Record<string, string> = { "--blue": "#00f", "--font": 'Noto, "Segoe UI"' };
  const real = (text: string) => withRealColours(text, (name) => theme[name] ?? "");
  expect(real('<a fill="var(--blue)" b="var(--gone, var(--blue))"/>')).toBe('<a fill="#00f" b="#00f"/>');
  expect(real('<a fill="var(--gone)" b="var(--gone, rgb(1, 2, 3))"/>')).toBe(
    '<a fill="none" b="rgb(1, 2, 3)"/>',
  );
  expect(real('<a font="var(--font)"/>')).toBe("<a font=\"Noto, 'Segoe UI'\"/>");
});
