import * as z from "zod";
import { is, strictObject } from "../runtime/strictObject.ts";

/** Files with pipelines are checked in; their names end so. */
export const pipelineSuffix = ".agents.json";
export const isPipelineFile = (path: string): boolean => /[^/\\]\.agents\.json$/.test(path);
/** The name that its runs carry: "release" for `pipelines/release.agents.json`. */
export const pipelineName = (path: string): string =>
  path.slice(path.search(/[^\\/]*$/), -pipelineSuffix.length);

/** Under this key of the shared context stands what the pipeline itself was given. */
export const inputKey = "input";
/** Stands for a result. */
export const fromKey = "$from";

const reference = 'FILE#Class, such as "src/research.ts#ResearchAgent"';
const id = `a letter, then letters, digits, _ and -, and not "${inputKey}"`;
const results =
  '`{"$from": "/research/findings"}` within it stands for a result: a JSON Pointer, which begins with the id of an earlier step, or with `/input`. `{"$from": "/notes", "default": null}` says what stands there where the step failed or its result has no such field.';

export interface Step {
  id: string;
  agent: string;
  task: unknown;
  args?: unknown[] | undefined;
  retries?: number | undefined;
  timeoutSeconds?: number | undefined;
  continueOnFailure?: boolean | undefined;
}
/** What runs at the same time. */
export interface Parallel {
  parallel: PipelineNode[];
}
/** What runs one after the other within a parallel group. */
export interface Sequence {
  sequence: PipelineNode[];
}
export type PipelineNode = Step | Parallel | Sequence;

const Step = strictObject({
  id: z
    .string(is(id))
    .regex(new RegExp(`^(?!${inputKey}$)[A-Za-z][\\w-]*$`), is(id))
    .meta({
      description: "Names the step: later ones get its result by it.",
      patternErrorMessage: `The id must be ${id}.`,
    }),
  agent: z
    .string(is(reference))
    .regex(/^.+#[^#]+$/, is(reference))
    .meta({
      description: "FILE#Class, the file relative to the workspace folder.",
      patternErrorMessage: `The agent must be ${reference}.`,
    }),
  task: z
    .unknown()
    .refine((task) => task !== undefined, { error: "it must be there: {} where the agent needs none" })
    .meta({
      description: "What the agent is given, JSON of any kind.",
      markdownDescription: `What the agent is given, JSON of any kind. ${results}`,
    }),
  args: z.array(z.unknown(), is("a list of the constructor's arguments")).optional().meta({
    description: "The constructor's arguments; results stand in them as in the task.",
  }),
  retries: z.int(is("a whole number")).min(0, is("0 or more")).optional().meta({
    description: "Further attempts after a failed one.",
  }),
  timeoutSeconds: z.number(is("a number of seconds")).positive(is("more than 0")).optional().meta({
    description: "Seconds after which the step is stopped and has failed.",
  }),
  continueOnFailure: z.boolean(is("true or false")).optional().meta({
    description:
      "Whether what follows begins also where this step fails. By default nothing further begins then.",
  }),
}).meta({ id: "Step", title: "Step", description: "An agent with a task." });

const Parallel = strictObject({
  get parallel(): z.ZodType<PipelineNode[]> {
    return nodes("What runs at the same time; the group ends when all of it has ended.");
  },
}).meta({ id: "Parallel", title: "Parallel group" });

const Sequence = strictObject({
  get sequence(): z.ZodType<PipelineNode[]> {
    return nodes("What runs one after the other, within a parallel group.");
  },
}).meta({ id: "Sequence", title: "Sequence" });

const stepBody = { id: "${1:step}", agent: "$2", task: "^${3:{\\}}" };
const Node: z.ZodType<PipelineNode> = z.union([Step, Parallel, Sequence]).meta({
  id: "Node",
  defaultSnippets: [
    { label: "step", description: "An agent with a task", body: stepBody },
    { label: "parallel group", description: "Steps at the same time", body: { parallel: [stepBody] } },
  ],
});

function nodes(description: string) {
  return z
    .array(Node, is("a list of steps"))
    .min(1, is("a list with at least one step"))
    .meta({ description });
}

export const Pipeline = strictObject({
  $schema: z.string().optional(),
  description: z.string(is("a text")).optional().meta({ description: "What the pipeline is for." }),
  input: z.unknown().optional().meta({
    description: "What the pipeline works on where nothing else is given; steps get it as /input.",
  }),
  steps: nodes("What runs one after the other."),
}).meta({
  title: "Pipeline of agents",
  description: "Agents that run one after the other and in parallel, and give each other their results.",
  defaultSnippets: [{ label: "pipeline", description: "A new pipeline", body: { steps: [stepBody] } }],
});
export type Pipeline = z.infer<typeof Pipeline>;

/** The way to a value within a pipeline. */
export type Path = readonly (string | number)[];

/** All steps with their places, in the order in which they are written. */
export function placedSteps(
  list: readonly PipelineNode[],
  path: Path = ["steps"],
): { step: Step; path: Path }[] {
  return list.flatMap((node, index) => {
    const at = [...path, index];
    if ("parallel" in node) return placedSteps(node.parallel, [...at, "parallel"]);
    if ("sequence" in node) return placedSteps(node.sequence, [...at, "sequence"]);
    return [{ step: node, path: at }];
  });
}

export const stepsOf = (list: readonly PipelineNode[]): Step[] => placedSteps(list).map(({ step }) => step);
