const COMPONENT = /\.(?:vue|svelte)$/i;

/** A file that holds its code in `<script>`: only the framework's compiler makes a module of it. */
export const isComponent = (path: string): boolean => COMPONENT.test(path);

/** Why an agent in such a file is not run: one sentence. */
export const componentSentence = (name: string, file: string): string =>
  `${name} stands in the component ${file}, which cannot be loaded without its framework: move the class to a file of its own.`;
