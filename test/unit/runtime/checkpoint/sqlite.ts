export const hasSqlite = process.getBuiltinModule("node:sqlite") !== undefined;
