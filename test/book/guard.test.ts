import {expect, it} from "vitest";
import {compileCell} from "../../src/book/cell.ts";
import {createGuard} from "../../src/book/guard.ts";
import {placeOf} from "../../src/book/problem.ts";

const AsyncFunction = (async () => {}).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<Record<string, unknown>>;

function run(source: string): Promise<Record<string, unknown>> {
  return new AsyncFunction("__turn", compileCell("cell-1", source).body)(createGuard("cell-1"));
}

it("while (true) {} stops, and the error names its line", async () => {
  const error = await run("const a = 1;\n\nwhile (true) {}").catch((e: unknown) => e as Error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toBe(
    "this loop ran for half a second without letting the page breathe (line 3): does its condition ever become false?",
  );
  expect(placeOf(error).line).toBe(3);
});

it("every kind of loop is guarded, without braces too", async () => {
  for (const loop of ["for (;;);", "do {} while (true)", "let i = 0;\nwhile (true) i++;"])
    await expect(run(loop), loop).rejects.toThrow("this loop ran for half a second");
});

it("a loop that only awaits promises of its own does not let the page breathe either", async () => {
  await expect(run("while (true) await null;")).rejects.toThrow("(line 1)");
});

it("a recursion that branches for ever stops", async () => {
  const source =
    "function f(n: number): number {\n  return n < 2 ? n : f(n - 1) + f(n - 2);\n}\nf(60);";
  await expect(run(source)).rejects.toThrow("does it ever stop calling itself?");
});

it("a loop that awaits a timer may run as long as it likes", async () => {
  const source = `const end = Date.now() + 700;
    let turns = 0;
    while (Date.now() < end) { for (let i = 0; i < 2048; i++); await new Promise((f) => setTimeout(f, 1)); turns++; }`;
  expect((await run(source))["turns"]).toBeGreaterThan(10);
});

it("what others do while a loop awaits a timer is not the loop's", async () => {
  const source = `for (let i = 0; i < 2048; i++);
    await new Promise((f) => setTimeout(f, 1));
    for (let i = 0; i < 2048; i++);
    const isOver = true;`;
  // Timers come next after this, and messages after them.
  await new Promise((f) => setImmediate(f));
  setTimeout(() => busyFor(600), 1);
  const over = run(source);
  busyFor(5);
  expect(await over).toMatchObject({isOver: true});
});

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it("guards change no result", async () => {
  const source = `let sum = 0;
    outer: for (const a of [1, 2, 3]) for (let b = 0; b < 3; b++) if (b === a) continue outer; else sum += b;
    for (const key in {x: 1}) sum += key.length;
    function f(this: unknown) { "use strict"; return this === undefined; }
    const strict = f();`;
  expect(await run(source)).toMatchObject({sum: 5, strict: true});
});

it("arrows whose body is an expression are guarded, and give what they gave", async () => {
  const source = "const f = (n: number): number => n < 2 ? n : f(n - 1) + f(n - 2);\nf(60);";
  await expect(run(source)).rejects.toThrow("does it ever stop calling itself?");
  const kept = await run(
    "const make = () => ({a: () => [1, 2].map((n) => n + 1)});\nconst all = make().a();",
  );
  expect(kept["all"]).toEqual([2, 3]);
});

it("an arrow that ends where its loop ends is closed first", async () => {
  expect(
    await run("let f;\nfor (const i of [1, 2]) f = () => i\nconst last = f!();"),
  ).toMatchObject({last: 2});
});

it("a loop that is stopped says in which cell it stands", async () => {
  const error: unknown = await run("for (;;);").catch((e: unknown) => e);
  expect(error).toMatchObject({cell: "cell-1", line: 1});
});
