import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "../../../../src/runtime/messaging/fifo.ts";

it("gives back what was added, in order, however long it gets", () => {
  const steps = fc.array(fc.integer({ min: -3000, max: 3000 }), { maxLength: 12 });
  fc.assert(
    fc.property(steps, fc.nat(5), (counts, place) => {
      const fifo = new Fifo<number>();
      let [first, end] = [0, 0];
      for (const count of counts) {
        for (let i = 0; i < count; i += 1) fifo.add(end++);
        for (let i = 0; i > count; i -= 1) expect(fifo.take()).toBe(first < end ? first++ : undefined);
        expect(fifo.length).toBe(end - first);
        expect(fifo.at(place)).toBe(first + place < end ? first + place : undefined);
      }
      expect(fifo.at(-1)).toBeUndefined();
      const rest = Array.from({ length: end - first }, (_, i) => first + i);
      expect([...fifo]).toEqual(rest);
      expect(fifo.takeAll()).toEqual(rest);
      expect(fifo.length).toBe(0);
      expect(fifo.take()).toBeUndefined();
    }),
  );
});
