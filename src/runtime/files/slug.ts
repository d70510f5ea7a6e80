import { createHash } from "node:crypto";

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const longest = 80;

/** A name as a file name that every system takes; a name that already is one stays. Different names differ. */
export function slug(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, longest);
  if (plain === name && plain !== "" && !reserved.test(plain)) return plain;
  const tail = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${plain === "" ? "agent" : plain.slice(0, longest - 9)}-${tail}`;
}
