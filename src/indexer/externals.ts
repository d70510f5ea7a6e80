import { isAbsolute } from "node:path";
import { Linker } from "./linker.ts";
import type { ClassTarget, Declaration, ExternalTarget, Target } from "./target.ts";
import type { Typings } from "./typings.ts";

/** The classes of installed packages, as their typings declare them. */
export class Externals {
  readonly #typings: Typings;
  readonly #linker: Linker;

  constructor(typings: Typings) {
    this.#typings = typings;
    this.#linker = new Linker(typings.model, typings.locate, null);
  }

  /** What the class of a package extends, nearest first; nothing where it is not installed. */
  basesOf(target: ExternalTarget): Target[] {
    const declared = this.#classOf(target);
    if (declared === null) return [];
    return this.#linker.basesOf(declared).map((base) =>
      base.kind === "class"
        ? {
            kind: "external",
            name: this.#linker.nameOf(base),
            module: this.#typings.packageAround(base.path),
            members: [],
            from: base.path,
            declared: base,
          }
        : base,
    );
  }

  declarationOf(target: ExternalTarget): Declaration | null {
    const declared = this.#classOf(target);
    const model = declared === null ? null : this.#linker.classModel(declared);
    if (declared === null || model === null) return null;
    return { model, path: isAbsolute(declared.path) ? "" : declared.path };
  }

  #classOf({ declared, module, members, from }: ExternalTarget): ClassTarget | null {
    if (declared !== undefined) return declared;
    const found = this.#linker.memberOf(module, members, from);
    return found?.kind === "class" ? found : null;
  }
}
