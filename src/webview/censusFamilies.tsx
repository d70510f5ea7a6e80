import { useState } from "preact/hooks";
import { originOf } from "../census/markdown.ts";
import type { Family, FamilyMember } from "../model/census.ts";
import { displayName } from "../model/displayName.ts";

const page = 100;

interface Props {
  families: readonly Family[];
  /** Agents of no family. */
  standalone: readonly FamilyMember[];
  /** Ids of the families that are unfolded. */
  open: readonly string[];
  onToggle: (id: string) => void;
  onOpen: (place: FamilyMember) => void;
  /** Paths are told with their folder. */
  folders: boolean;
}

/** The families, largest first, each to be unfolded to its classes. */
export function FamilyList({ families, standalone, open, onToggle, onOpen, folders }: Props) {
  const largest = families[0]?.members.length ?? 1;
  const [limit, setLimit] = useState(page);
  const rows = families.map((family) => ({
    id: `${family.folder ?? ""}|${family.file_path ?? family.module ?? ""}#${family.name}`,
    title: displayName(family.name),
    origin: originOf(family, folders),
    bar: family.file_path === null ? "bar outside" : "bar",
    members: family.members,
  }));
  const alone = { id: "", title: "Standing alone", origin: "no base class and no heirs", bar: null };
  const all = standalone.length === 0 ? rows : [...rows, { ...alone, members: [...standalone] }];
  return (
    <>
      <ul class="families">
        {all.slice(0, limit).map(({ id, title, origin, bar, members }) => (
          <li key={id}>
            <button
              type="button"
              class="family"
              aria-expanded={open.includes(id)}
              onClick={() => onToggle(id)}
            >
              <span class="twistie" aria-hidden="true">
                {open.includes(id) ? "⌄" : "›"}
              </span>
              <span class="name">{title}</span>
              <span class="origin dim">{origin}</span>
              {bar === null ? <span /> : <Bar share={members.length / largest} kind={bar} />}
              <span class="size">{members.length}</span>
            </button>
            {open.includes(id) && <Members members={members} onOpen={onOpen} folders={folders} />}
          </li>
        ))}
      </ul>
      {all.length > limit && (
        <button type="button" class="more" onClick={() => setLimit(limit + page)}>
          Show {Math.min(page, all.length - limit)} more of {all.length - limit}
        </button>
      )}
    </>
  );
}

/** An attribute, because the page's policy allows no styles in it. */
function Bar({ share, kind }: { share: number; kind: string }) {
  return (
    <svg class={kind} aria-hidden="true">
      <rect class="track" width="100%" height="100%" rx="3" />
      <rect class="filled" width={`${Math.max(100 * share, 1)}%`} height="100%" rx="3" />
    </svg>
  );
}

function Members({
  members,
  onOpen,
  folders,
}: Pick<Props, "onOpen" | "folders"> & { members: FamilyMember[] }) {
  const [limit, setLimit] = useState(page);
  return (
    <>
      <ul class="members">
        {members.slice(0, limit).map((member) => (
          <li key={`${member.folder}|${member.file_path}|${member.lineno}|${member.name}`}>
            <button type="button" onClick={() => onOpen(member)}>
              <span class="name">{displayName(member.name)}</span>
              <span class="kind dim">{kindOf(member)}</span>
              <span class="origin dim">
                {folders ? `${member.folder}/` : ""}
                {member.file_path}:{member.lineno}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {members.length > limit && (
        <button type="button" class="more" onClick={() => setLimit(limit + page)}>
          Show {Math.min(page, members.length - limit)} more of {members.length - limit}
        </button>
      )}
    </>
  );
}

/** "abstract", "orchestrator, extends PriceAgent" */
function kindOf({ abstract, role, kind, test, migrated, base }: FamilyMember): string {
  return [
    abstract ? "abstract" : "",
    role === "orchestrator" ? role : "",
    kind === "class" ? "" : kind,
    test ? "test" : "",
    migrated ? "migrated" : "",
    base === null ? "" : `extends ${base}`,
  ]
    .filter(Boolean)
    .join(", ");
}
