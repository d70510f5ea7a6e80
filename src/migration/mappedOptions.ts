/** What `.proj-intel/adapters.json` can say of a class besides its method; adapters have options of the same names. */
export const mappedNames = ["arguments", "init", "close", "snapshot", "failedWhen"] as const;

export type MappedOptions = Partial<Record<(typeof mappedNames)[number], unknown>>;

export function mappedOptions(mapping: MappedOptions): MappedOptions {
  return Object.fromEntries(
    mappedNames.flatMap((name) => (mapping[name] === undefined ? [] : [[name, mapping[name]]])),
  );
}
