import ts from "typescript";

/** Declarations that do not change while tests run, by file and by how they are read. */
const installed = new Map<string, ts.SourceFile | undefined>();

/** A compiler host that reads what is installed, TypeScript's own declarations above all, once a process. */
export function compilerHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, language, ...rest) => {
    if (!/\/node_modules\/(?:typescript\/lib|@types)\/.*\.d\.[cm]?ts$/.test(file))
      return read(file, language, ...rest);
    const key = `${JSON.stringify(language)} ${file}`;
    if (!installed.has(key)) installed.set(key, read(file, language, ...rest));
    return installed.get(key);
  };
  return host;
}
