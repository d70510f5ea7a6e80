import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Debouncer } from "../../../src/vscode/index/debouncer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("waits for a pause, but not for longer than it may", () => {
  let times = 0;
  const patient = new Debouncer(() => (times += 1));
  const impatient = new Debouncer(() => (times += 100), 600);
  for (let i = 0; i < 20; i += 1) {
    patient.trigger(300);
    impatient.trigger(300);
    vi.advanceTimersByTime(100);
  }
  expect(times).toBe(300);
  vi.advanceTimersByTime(300);
  expect(times).toBe(401);
  impatient.trigger(300);
  impatient.cancel();
  vi.advanceTimersByTime(1_000);
  expect(times).toBe(401);
});
