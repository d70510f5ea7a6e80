import { expect, it } from "vitest";
import { MemoryStore } from "../../../../src/runtime/index.ts";

it("What is kept comes back where it is gone, with all that was known of it", () => {
  let now = 1_000;
  const store = new MemoryStore({ now: () => now });
  const memory = store.of("guide");
  store.of("guide").grant({ to: "helper", access: "write" });
  store
    .of("helper")
    .shared("guide")
    .set("city", "Bern", { tags: ["place"] });
  memory.set("stays", 1);
  memory.set("changes", 1);
  memory.set("expires", 1, { ttlMs: 10 });
  memory.set("other", 1, { namespace: "other" });
  const before = memory.entry("city");
  const bringBack = memory.keep();
  now += 100;
  memory.delete("city");
  memory.set("changes", 2);
  expect(bringBack()).toBe(1);
  expect(memory.entry("city")).toEqual(before);
  expect(memory.get("changes")).toBe(2);
  expect(memory.has("expires")).toBe(false);
  expect(memory.clear()).toBe(3);
  expect(bringBack()).toBe(3);
  expect(memory.get("changes")).toBe(1);
  expect(memory.keep({ namespace: "empty" })()).toBe(0);
});
