import * as modules from "node:module";

interface Context {
  parentURL?: string;
}
type Next = (specifier: string, context: Context) => unknown;
/** Newer than the Node whose types are used. */
interface Hooking {
  registerHooks(hooks: { resolve(specifier: string, context: Context, next: Next): unknown }): void;
}

// For what runs the sources without a bundler: the ES modules of jsonc-parser leave out the endings of their files.
(modules as unknown as Hooking).registerHooks({
  resolve(specifier, context, next) {
    const loose =
      context.parentURL?.includes("/jsonc-parser/lib/esm/") === true && specifier.startsWith("./");
    return next(loose ? `${specifier}.js` : specifier, context);
  },
});
