import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TreeWatch } from "../../../src/vscode/treeWatch.ts";

describe("a tree view of which VS Code", () => {
  let visible = true;
  const refreshAll = vi.fn();
  let watch: TreeWatch;
  beforeEach(() => {
    vi.useFakeTimers();
    visible = true;
    refreshAll.mockReset();
    watch = new TreeWatch(() => visible, refreshAll);
  });
  afterEach(() => {
    watch.dispose();
    vi.useRealTimers();
  });

  it("asks what changed is left alone", () => {
    watch.changed();
    watch.asked();
    vi.advanceTimersByTime(60_000);
    expect(refreshAll).not.toHaveBeenCalled();
  });

  it("asks nothing after a change is refreshed until it does", () => {
    watch.changed();
    vi.advanceTimersByTime(999);
    expect(refreshAll).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_001);
    expect(refreshAll).toHaveBeenCalledTimes(3);
    watch.asked();
    vi.advanceTimersByTime(60_000);
    expect(refreshAll).toHaveBeenCalledTimes(3);
  });

  it("was told again and again is refreshed no later", () => {
    for (let at = 0; at < 10; at += 1) {
      watch.changed();
      vi.advanceTimersByTime(100);
    }
    expect(refreshAll).toHaveBeenCalledOnce();
  });

  it("cannot ask, being out of sight, is refreshed only where it does not ask once it is in sight", () => {
    visible = false;
    watch.changed();
    vi.advanceTimersByTime(60_000);
    expect(refreshAll).not.toHaveBeenCalled();
    visible = true;
    watch.shown();
    vi.advanceTimersByTime(1_000);
    expect(refreshAll).toHaveBeenCalledOnce();
    watch.asked();
    watch.shown();
    vi.advanceTimersByTime(60_000);
    expect(refreshAll).toHaveBeenCalledOnce();
  });
});
