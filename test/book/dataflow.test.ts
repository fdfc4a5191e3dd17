import {Runtime} from "@observablehq/runtime";
import {expect, it, vi} from "vitest";
import {compileCell} from "../../src/book/cell.ts";
import {defineCell} from "../../src/book/dataflow.ts";

function start(source: string) {
  const module = new Runtime().module();
  const shown: unknown[] = [];
  const failures: string[] = [];
  const sink = {
    pending() {},
    progress() {},
    done() {},
    clear: () => void shown.splice(0),
    show: (value: unknown) => void shown.push(value),
    failed: (error: unknown) => void failures.push((error as Error).message),
  };
  const define = (text: string) => defineCell(module, compileCell("cell-1", text), {sink});
  module.define("n", [], () => 1);
  return {module, shown, failures, define, remove: define(source).remove};
}

it("what an earlier run showed goes when the next one shows something", async () => {
  const {module, shown} = start("display(n);\ndisplay(n + 1);");
  await vi.waitFor(() => expect(shown).toEqual([1, 2]));
  module.redefine("n", [], () => 10);
  await vi.waitFor(() => expect(shown).toEqual([10, 11]));
});

it("a run that never ends does not keep the next one waiting", async () => {
  const {module, shown} = start("if (n === 1) await new Promise(() => {});\ndisplay(n);");
  await new Promise((done) => setTimeout(done, 30));
  module.redefine("n", [], () => 2);
  await vi.waitFor(() => expect(shown).toEqual([2]));
});

it("a run that is over cannot display any more", async () => {
  const {module, shown} = start(
    "setTimeout(() => { try { display(`late ${n}`); } catch {} }, 50);\ndisplay(n);",
  );
  await vi.waitFor(() => expect(shown).toEqual([1]));
  module.redefine("n", [], () => 2);
  await new Promise((done) => setTimeout(done, 120));
  expect(shown).toEqual([2, "late 2"]);
});

it("a cell that was replaced reports nothing more", async () => {
  const {shown, define, remove} = start("display(n);");
  await vi.waitFor(() => expect(shown).toEqual([1]));
  remove();
  define("display(n * 100);");
  await vi.waitFor(() => expect(shown).toEqual([100]));
  await new Promise((done) => setTimeout(done, 30));
  expect(shown).toEqual([100]);
});

it("what a cell throws reaches those who need it, even if it is no error", async () => {
  const {failures} = start("throw {message: 'no such race', line: 1};");
  await vi.waitFor(() => expect(failures).toEqual(["no such race"]));
});
