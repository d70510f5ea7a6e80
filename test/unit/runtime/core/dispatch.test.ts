import { describe, expect, it } from "vitest";
import { capabilityOf, executionMethod } from "../../../../src/runtime/core/dispatch.ts";

describe("the method a task is dispatched to", () => {
  it.each([
    [["process", "run", "execute"], "execute"],
    [["kickoff", "generate"], "generate"],
    [["executeTask", "call"], "call"],
    [["processMessage", "executeTask"], "executeTask"],
    [["handleInput", "processRequest"], "processRequest"],
    [["runDiagnostics", "processTask"], "processTask"],
    [["run_task"], "run_task"],
    [["processStepContent", "streamText", "generateText"], "generateText"],
    [["handleStreamingResponse", "routeRequest", "processStreamInBackground"], "routeRequest"],
    [["handleTaskError", "executeAnalysisTool", "writeFullStream", "registerAgent"], null],
    [["processRefund", "getName"], "processRefund"],
    [["generateText", "streamText"], "generateText"],
    [["getName", "streamText"], "streamText"],
    [["executeTool", "handleMessage"], "handleMessage"],
    [["runAsync", "runStream"], "runAsync"],
    [["start", "stop", "initialize"], null],
    [["handler", "processor", "runtime", "running", "executed"], null],
    [["_execute", "#run", "constructor"], null],
    [["initializeImpl", "executeImpl", "handleTaskImpl"], "executeImpl"],
    [["processFinalOutput", "getSystemPrompt", "handleOutput"], null],
    [["handleError", "executeTool", "processWithRetry", "handleEvent"], null],
    [["generateId", "callLLM", "actual", "chatHistory", "stepCount"], null],
    [[], null],
  ])("of %j is %s", (methods, expected) => {
    expect(executionMethod(methods)).toBe(expected);
  });
});

it("goes to exact names, best first, then to verbs with an object, and never to start", () => {
  const order = "execute run process handle invoke call chat respond reply generate step act perform kickoff";
  const names = order.split(" ");
  for (const [place, name] of names.entries()) {
    const worse = [...names.slice(place).reverse(), "executeTask", "start"];
    expect(executionMethod(worse)).toBe(name);
  }
  for (const name of ["executeTask", "processMessage", "processRequest", "handleInput"])
    expect(executionMethod(["start", "stop", "getName", name])).toBe(name);
  // These are also names of steps within the work.
  for (const name of ["ask", "answer", "solve"]) {
    expect(executionMethod([name, "processRequest"])).toBe("processRequest");
    expect(executionMethod(["runDiagnostics", name])).toBe(name);
  }
  expect(executionMethod(["start", "startTask", "startProcessing"])).toBeNull();
});

describe("the capability a method proves", () => {
  it.each(
    Object.entries({
      task_execution: [
        "execute",
        "run",
        "processMessage",
        "handleInput",
        "invoke",
        "replyToUser",
        "handleUserTurn",
        "kickoff",
        "perform_task",
      ],
      tool_usage: ["useTool", "executeTool", "callTools", "registerTool", "use_tool", "executeAnalysisTool"],
      memory_access: ["remember", "recall", "store", "storeResult", "saveMemory", "clearHistory"],
      messaging: [
        "send",
        "sendMessage",
        "receive",
        "broadcast",
        "communicate",
        "notifyAgents",
        "replyToEmail",
        "onChatMessage",
      ],
      lifecycle: [
        "initialize",
        "init",
        "setup",
        "setUp",
        "start",
        "startServer",
        "stop",
        "shutdown",
        "dispose",
        "closeBrowser",
        "initializeTools",
        "cleanUpResources",
        "onStart",
        "onEnter",
      ],
      orchestration: [
        "orchestrate",
        "delegate",
        "delegateTask",
        "routeRequest",
        "registerAgent",
        "handOff",
        "assignTask",
        "scheduleJobs",
        "transferToAgent",
        "removeAgentById",
      ],
      planning: ["plan", "planTask", "createPlan", "decompose", "think"],
      streaming: ["stream", "streamText", "chatStream", "runStreamed"],
    }).flatMap(([capability, methods]) => methods.map((method) => [method, capability])),
  )("%s: %s", (method, capability) => {
    expect(capabilityOf(method)).toBe(capability);
  });

  it.each(
    "on off emit once getTools getMemory getMessages getState setOptions isRunning hasTools toString handler processor runtime planet startsWith sender restore storeys initial closet _run #execute constructor handleError handleTaskError createStream writeFullStream schedule assign assignVariables resetTurnState startReport stopAfterEcho cleanupExpired onConnect onStartListening handleToolErrors runMigration handleIterationStart runTaskForTest runWithoutTools handleTaskAborted handleStatusUpdate handleMcpMessage handleThought handleToolDoesNotExist storeCredentials forgetSession sendHeartbeat subscribeToEvents resetMcpFlag startToolRun initMessages setupWorkflowRun routeResponse selectAgentType createAgentConfig".split(
      " ",
    ),
  )("none: %s", (method) => {
    expect(capabilityOf(method)).toBeNull();
  });
});
