import { readFile } from "node:fs/promises";
import { folderPath } from "../../model/folderPath.ts";
import { parseAgentRef } from "../../model/agentRef.ts";
import { isPipelineFile, pipelineSuffix, placedSteps, type Pipeline } from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";
import { problemOfFile } from "../agentFile.ts";
import { parsePipeline, pathText, problemAt, type ParsedPipeline } from "./parsePipeline.ts";

/** The pipeline in a file. Rejects with a UserError that names all that is wrong with it, a line each. */
export async function readPipeline(root: string, file: string): Promise<Pipeline> {
  if (!isPipelineFile(file))
    throw new UserError(`${file} is no pipeline: its name has to end with ${pipelineSuffix}.`);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { pipeline, problems } = await checkPipeline(root, text.replace(/^\uFEFF/, ""));
  if (pipeline !== null && problems.length === 0) return pipeline;
  const source = folderPath(root, file);
  const lines = problems.map(({ line, path, message }) => `${source}:${line} ${pathText(path)}: ${message}.`);
  throw new UserError(lines.join("\n"));
}

/** What is wrong with a pipeline, also with the files that it names. */
export async function checkPipeline(root: string, text: string): Promise<ParsedPipeline> {
  const { pipeline, problems } = parsePipeline(text);
  const found = [...problems];
  for (const { step, path } of placedSteps(pipeline?.steps ?? [])) {
    const problem = await problemOfFile(root, parseAgentRef(step.agent));
    if (problem !== null) found.push(problemAt(text, [...path, "agent"], `it ${problem}`));
  }
  return { pipeline, problems: found.sort((a, b) => a.offset - b.offset) };
}
