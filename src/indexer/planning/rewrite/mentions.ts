import { ts } from "ts-morph";

/** Which types lead to instances of a class, or to the class itself: by themselves, in what they hold, or in what they return. */
export class Mentions {
  readonly #checker: ts.TypeChecker;
  readonly #symbol: ts.Symbol;
  readonly #known = new Map<ts.Type, boolean>();

  constructor(checker: ts.TypeChecker, symbol: ts.Symbol) {
    this.#checker = checker;
    this.#symbol = symbol;
  }

  /** The class itself or an instance of it, possibly missing. */
  isOwn(type: ts.Type): boolean {
    return partsOf(type).some((part) => part.getSymbol() === this.#symbol);
  }

  in(type: ts.Type): boolean {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const visited = new Set<ts.Type>();
    const found = this.#search(type, visited);
    if (found) this.#known.set(type, true);
    // All of them lead nowhere, whatever order they were met in.
    else for (const each of visited) this.#known.set(each, false);
    return found;
  }

  /**
   * Whether what is of type `source` is seen in the same way where `target` is expected: nowhere as something that
   * hides the class.
   */
  keeps(source: ts.Type, target: ts.Type): boolean {
    if (source === target || !this.in(source)) return true;
    const [sources, targets] = [partsOf(source), partsOf(target)];
    if (sources.length > 1) return sources.every((part) => this.keeps(part, target));
    const [only] = sources;
    if (only === undefined) return true;
    return targets.some((part) => this.#keepsPart(only, part));
  }

  #keepsPart(source: ts.Type, target: ts.Type): boolean {
    if (source === target) return true;
    if ((target.flags & ts.TypeFlags.Object) === 0) return false;
    const symbol = source.getSymbol();
    const [own, other] = [this.#argumentsOf(source), this.#argumentsOf(target)];
    if (symbol === this.#symbol || own.length > 0 || other.length > 0) {
      return (
        symbol === target.getSymbol() && own.every((each, index) => this.keeps(each, other[index] ?? target))
      );
    }
    const literal = ((source as ts.ObjectType).objectFlags & ts.ObjectFlags.ObjectLiteral) !== 0;
    if (!literal) return symbol !== undefined && symbol === target.getSymbol();
    return this.#checker.getPropertiesOfType(source).every((property) => {
      const expected = this.#checker.getPropertyOfType(target, property.name);
      const type = this.#checker.getTypeOfSymbol(property);
      return expected === undefined
        ? !this.in(type)
        : this.keeps(type, this.#checker.getTypeOfSymbol(expected));
    });
  }

  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    const reference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    return reference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }

  #search(type: ts.Type, visited: Set<ts.Type>): boolean {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    if (visited.has(type)) return false;
    visited.add(type);
    const search = (other: ts.Type) => this.#search(other, visited);
    const symbol = type.getSymbol();
    if (symbol === this.#symbol || type.aliasTypeArguments?.some(search)) return true;
    if (type.isUnionOrIntersection()) return type.types.some(search);
    if ((type.flags & ts.TypeFlags.TypeParameter) !== 0) {
      const constraint = this.#checker.getBaseConstraintOfType(type);
      return constraint !== undefined && constraint !== type && search(constraint);
    }
    if ((type.flags & ts.TypeFlags.Object) === 0) return false;
    if (this.#argumentsOf(type).some(search)) return true;
    const returns = [...type.getCallSignatures(), ...type.getConstructSignatures()];
    if (returns.some((signature) => search(signature.getReturnType()))) return true;
    // Declarations of packages know nothing of the class but what they are given.
    if (symbol?.declarations?.every((each) => each.getSourceFile().isDeclarationFile) === true) return false;
    return this.#checker
      .getPropertiesOfType(type)
      .some((each) => search(this.#checker.getTypeOfSymbol(each)));
  }
}

/** Without undefined and null. */
function partsOf(type: ts.Type): ts.Type[] {
  const all = type.isUnion() ? type.types : [type];
  return all.filter(
    ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) === 0,
  );
}
