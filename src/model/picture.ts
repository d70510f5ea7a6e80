import type { SourcePlace } from "./panelProtocol.ts";

/** A class in the picture of the families. */
export interface PictureNode {
  id: string;
  name: string;
  /** `other`: a class of the workspace that is no agent; `outside`: of a package, or not found. */
  kind: "agent" | "orchestrator" | "other" | "outside";
  abstract: boolean;
  test: boolean;
  migrated: boolean;
  /** Null for what is not in the workspace. */
  place: SourcePlace | null;
  /** The file or the package. */
  origin: string;
  /** The id of the class it extends, as far as the root of its family. */
  base: string | null;
}

/** One agent makes, calls or registers another. */
export interface PictureLink {
  from: string;
  to: string;
  how: ("constructs" | "calls" | "registers")[];
}

export interface Picture {
  nodes: PictureNode[];
  links: PictureLink[];
}
