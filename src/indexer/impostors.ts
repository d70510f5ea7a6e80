/** Bases from outside the workspace that say what their heirs are. */
export type Foreign =
  | "agent"
  | "error"
  | "network"
  | "interface element"
  | "infrastructure"
  | "data model"
  | "command"
  | "client"
  | null;

const NETWORK_MODULE =
  /^(?:node:)?(?:https?|tls|net)$|^(?:undici|agentkeepalive|agent-base|superagent|supertest)$|proxy-agent/;
const UI =
  /^(?:React\.)?(?:Pure)?Component$|^(?:HTML\w*|Lit)Element$|^(?:ReactiveElement|SvelteComponent|Vue|View|Widget)$/;
const INFRASTRUCTURE =
  /^(?:Construct|Stack|NestedStack|Resource|CustomResource|ComponentResource|CfnResource|Stage)$/;
const DATA = /^(?:Model|BaseEntity|Entity|Schema|Document|Message|Struct|Migration|TypedDict|Record)$/;
const COMMAND = /^(?:Command|BaseCommand)$/;
const CLIENT = /^(?:APIResource|APIClient|BaseAPI|Controller|BaseController|Router|Middleware|Plugin)$/;
const TYPES: readonly [RegExp, Foreign][] = [
  [/(?:Error|Exception)$/, "error"],
  [UI, "interface element"],
  [INFRASTRUCTURE, "infrastructure"],
  [DATA, "data model"],
  [COMMAND, "command"],
  [CLIENT, "client"],
];

/** What a base that is no class of this workspace makes of its heirs; null where it says nothing (EventEmitter). */
export function foreignKind(name: string, module: string | null): Foreign {
  if (module !== null && NETWORK_MODULE.test(module)) return "network";
  return TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

const DATA_DECORATORS = /^(?:Entity|Schema|ObjectType|InputType|ArgsType|Table|ViewEntity|modelOptions)$/;
const WIRING_DECORATORS =
  /^(?:Module|Controller|Resolver|Component|NgModule|Directive|Pipe|Catch|WebSocketGateway)$/;

/** A class decorator that makes another thing of it, as a noun; null where none does. */
export function decoratedAs(decorators: readonly string[]): { decorator: string; noun: string } | null {
  for (const decorator of decorators) {
    if (DATA_DECORATORS.test(decorator)) return { decorator, noun: "data" };
    if (WIRING_DECORATORS.test(decorator)) return { decorator, noun: "application wiring" };
  }
  return null;
}
