// Which names a text takes from elsewhere.

import * as ts from "typescript";
import {expect, it} from "vitest";
import {takenBy} from "../../site/types-names.ts";

function taken(code: string): string[] {
  return [...takenIn(code).names];
}

function takenIn(code: string) {
  return takenBy(ts.createSourceFile("a.ts", code, ts.ScriptTarget.ES2022).statements);
}

it("takes what it mentions, as a value or as a type, and not what it declares", () => {
  expect(taken("const a = b + c; function d(): E { return a; }")).toEqual(["b", "c", "E"]);
  expect(taken("`${a}`; ({b}); [...c]; d`x`; type T = typeof e[F]")).toEqual([..."abcdeF"]);
});

it("takes no name of a field, but what is written in brackets", () => {
  expect(taken("a.b; ({c: d, e() {}, [f]: 1}); type T = {g: H; i(): void} & J.k")).toEqual([
    ..."adfHJ",
  ]);
  expect(taken("const {a: b, [c]: d} = e; class F { g = 1; h() { return this.i; } }")).toEqual([
    ..."ce",
  ]);
});

it("takes nothing that a function or a block around the place declares, and outside of it does", () => {
  expect(taken("(a, {b}: T, ...[c]) => a + b + c + d")).toEqual(["T", "d"]);
  expect(taken("{ const a = 1; a; } a;")).toEqual(["a"]);
  expect(taken("for (const a of b) a; try { c } catch (e) { e }")).toEqual(["b", "c"]);
  expect(
    taken("function f<T>(x: T) { function g() { return h; } const h = g; return x; }"),
  ).toEqual([]);
});

it("does nothing with what it only calls to have the answer displayed", () => {
  const used = (code: string): string[] => [...takenIn(code).used];
  expect(used("display(a(b)); c`${d}`; e(f)")).toEqual(["display", "b", "d", "f"]);
  expect(used("const x = a(); display(b().c); display(d(), e()); f(g())")).toEqual([
    ...["a", "display", "b", "e", "g"],
  ]);
  expect(used("display(a()); a().b")).toContain("a");
  expect(used("function f() { display(a()) }")).toContain("a");
});
