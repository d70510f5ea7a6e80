import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  shouldInterruptAfterDeadline,
  type QuickJSContext,
  type QuickJSHandle,
} from "quickjs-emscripten-core";
import variant from "@jitl/quickjs-wasmfile-release-sync";
import { codeLimits } from "../model/sandbox.ts";

/** Whatever the text makes of these names afterwards, the answer is read with what they were before. */
const prelude = `(() => {
  const { parse, stringify } = JSON;
  const call = Function.prototype.call.bind(Function.prototype.call);
  const { isArray } = Array;
  return (body, input) => {
    const { task, context } = parse(input);
    const answer = call(body, undefined, task, context);
    if (typeof answer !== "object" || answer === null || isArray(answer)) return "";
    return stringify(answer) ?? "";
  };
})()`;

/**
 * Runs the body of a function that gets `task` and `context`, where there is nothing but the language itself, and answers
 * with the JSON of what it returns. Throws an error that says what went wrong.
 * @param input as JSON
 * @param wasm the bytes of QuickJS
 */
export async function evaluate(code: string, input: string, wasm: ArrayBuffer): Promise<string> {
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary: wasm }));
  // Neither is disposed of: the thread ends with this.
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(codeLimits.memoryBytes);
  runtime.setMaxStackSize(codeLimits.stackBytes);
  const vm = runtime.newContext();
  const reader = valueOf(vm, vm.evalCode(prelude, "fix"));
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + codeLimits.ms));
  const body = valueOf(vm, vm.evalCode(`(function (task, context) {"use strict";\n${code}\n})`, "fix"));
  const answer = valueOf(vm, vm.callFunction(reader, vm.undefined, body, vm.newString(input)));
  if (vm.typeof(answer) !== "string") throw new Error("its code returned no patch");
  const length = vm.getNumber(vm.getProp(answer, "length"));
  if (length > codeLimits.answerLength) throw new Error("its code returned too large a patch");
  return vm.getString(answer);
}

type Result = ReturnType<QuickJSContext["evalCode"]>;

function valueOf(vm: QuickJSContext, result: Result): QuickJSHandle {
  if (result.error === undefined) return result.value;
  const name = textAt(vm, result.error, "name");
  const message = textAt(vm, result.error, "message");
  if (message === "interrupted") throw new Error("its code took too long");
  if (message === "out of memory") throw new Error("its code took too much memory");
  throw new Error(`its code threw ${[name, message].filter(Boolean).join(": ") || "no error"}`);
}

/** What was thrown may have getters of its own, which throw too. */
function textAt(vm: QuickJSContext, thrown: QuickJSHandle, key: string): string {
  try {
    const value = vm.getProp(thrown, key);
    if (vm.typeof(value) !== "string") return "";
    const length = vm.getNumber(vm.getProp(value, "length"));
    return length > codeLimits.messageLength ? "" : vm.getString(value);
  } catch {
    return "";
  }
}
