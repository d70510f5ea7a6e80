import { ts } from "ts-morph";

/** JSON with comments and trailing commas, as far as it can be read. */
export const parseConfig = (path: string, text: string): unknown =>
  ts.parseConfigFileTextToJson(path, text).config as unknown;
