import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { constructorParameters, parametersOf } from "../../../../src/runtime/core/adapter/parameters.ts";

/** Names, with "?" for optional, "..." for rest, "{}" for a pattern. */
const text = (source: string) =>
  parametersOf(source)?.map(
    ({ name, optional, rest }) => `${rest ? "..." : ""}${name ?? "{}"}${optional && !rest ? "?" : ""}`,
  ) ?? null;

describe("the parameters of a function", () => {
  it.each<[string, string[] | null]>([
    ["run() {}", []],
    ["run(task) {}", ["task"]],
    ["async run(a, b) {}", ["a", "b"]],
    ["*steps(a) {}", ["a"]],
    ["async *steps(a, b = 2) {}", ["a", "b?"]],
    ["function named(a,\n  b,\n) {}", ["a", "b"]],
    ["task => task", ["task"]],
    ["async task => task", ["task"]],
    ["(a, b) => a + b", ["a", "b"]],
    ["async (a, ...rest) => a", ["a", "...rest"]],
    ["run({ a, b }, [c], d) {}", ["{}", "{}", "d"]],
    ["run({ a = 1, b: { c } } = {}, d) {}", ["{}?", "d"]],
    ["run(a /* , not */, b // nor ( this\n, c) {}", ["a", "b", "c"]],
    ["run(a = ')', b = \"(\", c = `, ${1}`, d = '\\'', e) {}", ["a?", "b?", "c?", "d?", "e"]],
    ["run(a = [1, 2], b = f(1, (2)), c = (x, y) => x) {}", ["a?", "b?", "c?"]],
    ["['run' + (1)](a, b) {}", ["a", "b"]],
    ["run(größe, $el, _private, 名) {}", ["größe", "$el", "_private?", "名"]],
    [
      "run(task, options, callOptions, ctx, signal, optional_id) {}",
      ["task", "options?", "callOptions?", "ctx?", "signal?", "optional_id?"],
    ],
    ["run(a /*?*/, b /* ? */, c\n/*?*/ = 3, d/*?*/) {}", ["a?", "b", "c?", "d?"]],
    ["(a, b /*?*/) => `/*?*/${a}`", ["a", "b?"]],
    ["function () { [native code] }", null],
    ["function bound run() { [native code] }", null],
    ["class A {}", null],
    ["run(a", null],
    ["[broken", null],
    ["run(a /* never closed", null],
  ])("%s", (source, expected) => {
    expect(text(source)).toEqual(expected);
  });
});

describe("the parameters of a class", () => {
  const of = (source: string) =>
    constructorParameters(runInThisContext(`(${source})`) as object).map(
      ({ name, optional }) => `${name ?? "{}"}${optional ? "?" : ""}`,
    );

  it.each<[string, string[]]>([
    ["class {}", []],
    ["class { run(task) {} }", []],
    ["class { constructor(llm, tools = []) {} }", ["llm", "tools?"]],
    ["class { clone(x) { return new this.constructor(x); } constructor(llm) {} }", ["llm"]],
    ["class { /* constructor(old) */ constructor(now) {} }", ["now"]],
    ["class A extends class { constructor(base) {} } {}", ["base"]],
    ["function Agent(name) {}", ["name"]],
    ["class extends Map {}", []],
  ])("%s", (source, expected) => {
    expect(of(source)).toEqual(expected);
  });
});
