import type { Family, FamilyMember } from "../model/census.ts";
import { baseKey, keyOf, moduleName, type Counted } from "./folders.ts";
import { rootsOf } from "./roots.ts";

export interface Families {
  families: Family[];
  standalone: FamilyMember[];
}

/** Puts each agent into the family of its root. */
export function familiesOf(agents: readonly Counted[]): Families {
  const families = new Map<string, Family>();
  const standalone: FamilyMember[] = [];
  for (const { agent, chain, root } of rootsOf(agents)) {
    const { folder } = agent;
    if (root === null) {
      standalone.push(memberOf(agent, null));
      continue;
    }
    const key = baseKey(folder, root);
    const family: Family = families.get(key) ?? {
      ...root,
      module: root.module === null ? null : moduleName(root.module),
      folder: root.file_path === null ? null : folder,
      members: [],
    };
    families.set(key, family);
    family.members.push(memberOf(agent, key === keyOf(agent) ? null : (chain[0]?.name ?? null)));
  }
  return { families: [...families.values()].sort(bySize), standalone };
}

function memberOf({ folder, record }: Counted, base: string | null): FamilyMember {
  const { name, file_path, lineno, role, kind, abstract, test, migrated } = record;
  return { name, folder, file_path, lineno, role, kind, abstract, test, migrated, base };
}

function bySize(a: Family, b: Family): number {
  return b.members.length - a.members.length || compare(a.name, b.name);
}

const { compare } = new Intl.Collator("en", { numeric: true });
