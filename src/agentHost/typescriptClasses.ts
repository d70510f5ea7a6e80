/** The parts of Babel's interface that are used. */
interface Babel {
  template: {
    statement(code: string): (parts: Record<string, unknown>) => { body: { body: unknown[] } };
    expression(code: string): () => unknown;
  };
  types: { arrayExpression(items: unknown[]): unknown; stringLiteral(text: string): unknown };
}

interface ClassProperty {
  node: {
    key: { type: string; name?: string; value?: unknown };
    value?: unknown;
    computed?: boolean;
    static?: boolean;
    declare?: boolean;
    decorators?: { expression: unknown }[] | null;
  };
  remove(): void;
  insertAfter(node: unknown): void;
}

interface Decorator {
  node: {
    expression: {
      type: string;
      left?: { type: string; callee?: { property?: { name?: string } } };
      right?: { body?: unknown };
    };
  };
  remove(): void;
}

interface Callable {
  node: { params: { type: string; optional?: boolean; trailingComments?: unknown }[] };
}

interface Program {
  traverse(visitor: {
    Decorator?(path: Decorator): void;
    ClassProperty?(path: ClassProperty): void;
    Function?(path: Callable): void;
  }): void;
}

interface State {
  file: { opts: { plugins: { key?: string }[] } };
  opts: ClassOptions;
}

export interface ClassOptions {
  /** `useDefineForClassFields` is off. */
  dropBare: boolean;
  /** `emitDecoratorMetadata` is on. */
  metadata: boolean;
}

/**
 * A Babel plugin that gives TypeScript classes what the loader's own plugins lack:
 * - decorated fields work (`experimentalDecorators`);
 * - with `dropBare`, fields declared without a value (`name: string;`) emit nothing, as in TypeScript itself;
 * - a parameter with a question mark keeps it as a comment, which the runtime reads (`runtime/core/adapter/parameters.ts`);
 * - types reach decorators only with `metadata`, and without the library reflect-metadata they do no harm (the loader's
 *   own stand-in for it makes a decorated method disappear).
 *
 * Everything happens on entering the program, before another plugin sees a class.
 */
export function typescriptClasses({ template, types }: Babel) {
  const block = template.statement(
    "class Holder { static { DECORATORS.reverse().forEach((decorate) => decorate(TARGET, KEY)); } }",
  );
  const nothing = template.expression("undefined");
  const decorate = (path: ClassProperty, decorators: { expression: unknown }[], key: string): void => {
    const made = block({
      DECORATORS: types.arrayExpression(decorators.map(({ expression }) => expression)),
      TARGET: template.expression(path.node.static === true ? "this" : "this.prototype")(),
      KEY: types.stringLiteral(key),
    });
    path.node.decorators = null;
    path.insertAfter(made.body.body[0]);
  };
  return {
    visitor: {
      Program(program: Program, { file, opts }: State): void {
        if (!file.opts.plugins.some(({ key }) => key === "transform-typescript")) return;
        program.traverse({
          Decorator(path) {
            const { type, left, right } = path.node.expression;
            const emitted = type === "LogicalExpression" && left?.callee?.property?.name === "metadata";
            if (!emitted || !right) return;
            if (opts.metadata) right.body = nothing();
            else path.remove();
          },
        });
        program.traverse({
          Function({ node: { params } }) {
            for (const param of params)
              if (param.type === "Identifier" && param.optional === true)
                param.trailingComments = [{ type: "CommentBlock", value: "?" }];
          },
          ClassProperty(path) {
            const { node } = path;
            const key = node.computed === true ? undefined : (node.key.name ?? node.key.value);
            const { decorators } = node;
            if (decorators && typeof key === "string" && node.declare !== true)
              decorate(path, decorators, key);
            if (opts.dropBare && (node.value ?? null) === null) path.remove();
          },
        });
      },
    },
  };
}
