import type { ManagedCheckpointStore } from "./checkpoint/managedStore.ts";
import { basicCases } from "./conformance/basic.ts";
import { contentCases } from "./conformance/content.ts";
import { managedCases } from "./conformance/managed.ts";
import type { ConformanceCase, ConformanceSubject, ManagedCheck } from "./conformance/types.ts";

export type { ConformanceCase, ConformanceSubject } from "./conformance/types.ts";

/**
 * What every checkpoint store must do, as cases for whatever test runner: `for (const { name, run } of
 * checkpointStoreConformance(subject)) it(name, run)`. A case rejects with an `AssertionError` where the store does
 * otherwise. Cases of `lineage`, `fork`, `pin` and `prune` are there for stores that have them (`managed`).
 */
export function checkpointStoreConformance(subject: ConformanceSubject): ConformanceCase[] {
  const cases: readonly ManagedCheck[] = [
    ...basicCases,
    ...contentCases,
    ...(subject.managed === true ? managedCases : []),
  ];
  return cases.map(({ name, check }) => ({
    name: `${subject.name}: ${name}`,
    run: async () => {
      const store = await subject.create();
      const opened = [store];
      try {
        await check(store as ManagedCheckpointStore, async () => {
          const next = (await subject.reopen?.(store)) ?? store;
          opened.push(next);
          return next as ManagedCheckpointStore;
        });
      } finally {
        await subject.dispose?.([...new Set(opened)]);
      }
    },
  }));
}
