/** What a base or decorator from outside the workspace makes of a class. */
export interface Foreign {
  /** "application wiring" */
  noun: string;
  /** Nothing else can outweigh it. */
  final: boolean;
}

const foreign = (noun: string, final = false): Foreign => ({ noun, final });

const NETWORK_MODULE =
  /^(?:node:)?(?:https?|tls|net)$|^(?:undici|agentkeepalive|agent-base|superagent|supertest|ssh2)$|proxy-agent/;
const NETWORK = foreign("a network connection", true);

const BASES: readonly [RegExp, Foreign][] = [
  [/(?:Error|Exception)$/, foreign("an error", true)],
  [
    /^(?:Pure)?Component$|^(?:HTML\w*|Lit|Reactive)Element$|^(?:SvelteComponent|Vue|View|Widget)$/,
    foreign("user interface"),
  ],
  [/^(?:\w*Construct|Stack|NestedStack|Stage|(?:Custom|Component|Cfn)?Resource)$/, foreign("infrastructure")],
  [/^(?:Model|BaseEntity|Entity|Schema|Document|Struct|Migration)$/, foreign("a data model")],
  [/^(?:Base)?Command$/, foreign("a command")],
  [/^(?:APIResource|APIClient|(?:Base)?Controller|Router|Middleware)$/, foreign("an interface to a service")],
];

/** What extending this name of a package (or a global) makes of a class; null where it says nothing (EventEmitter). */
export function foreignBase(name: string, module: string | null): Foreign | null {
  if (module !== null && NETWORK_MODULE.test(module)) return NETWORK;
  return BASES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Bases whose heirs pass on requests of a network, unless they take tasks: the agents of HTTP clients. */
export const isConnection = (name: string): boolean =>
  /(?:Dispatcher|Socket|Transport|Connection)(?:Base|Impl)?$/.test(name);

const DECORATORS: readonly [RegExp, Foreign][] = [
  [
    /^(?:Entity|ViewEntity|Schema|Table|ObjectType|InputType|ArgsType|modelOptions)$/,
    foreign("a data model"),
  ],
  [/^(?:Module|NgModule|Controller|Resolver|Catch|WebSocketGateway)$/, foreign("application wiring")],
  [/^(?:Component|Directive|Pipe|customElement)$/, foreign("user interface")],
];

export function foreignDecorator(name: string): Foreign | null {
  return DECORATORS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
