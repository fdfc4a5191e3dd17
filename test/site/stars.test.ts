// The rule of the star, on the editor's own tree.

import {javascript} from "@codemirror/lang-javascript";
import {Text} from "@codemirror/state";
import {describe, expect, it} from "vitest";
import {starred} from "virtual:starred";
import {sources} from "virtual:kernel-source";
import {checkPatch} from "../../src/livepatch/check.ts";
import {readSource} from "../../src/livepatch/declarations.ts";
import {forgottenStars} from "../../site/stars.ts";

const {parser} = javascript({typescript: true}).language;
const ofKernel = new Set(starred);
const known = new Map(sources.flatMap((s) => s.declarations.map((d) => [d.name, d])));

function marked(
  kind: "kernel" | "cell",
  code: string,
  others: readonly string[] = [],
): string[] {
  const rule = {kind, starred: kind === "kernel" ? ofKernel : new Set(others), ofKernel};
  return forgottenStars(parser.parse(code), Text.of(code.split("\n")), rule).map(({from, to}) =>
    code.slice(from, to),
  );
}

const inKernel = (body: string): string =>
  `export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {\n  ${body}\n}`;

describe("in a function of the kernel", () => {
  it.each([
    ["a statement", "put_page(page);", "put_page(page)"],
    ["a condition", "if (PageTail(page)) return;", "PageTail(page)"],
    ["a value", "const head = compound_head(page);", "compound_head(page)"],
    ["an argument", "yield* put_page(compound_head(page));", "compound_head(page)"],
    ["an operand", "return 1 + page_count(page);", "page_count(page)"],
  ])("a call as %s is marked", (_, body, call) => {
    expect(marked("kernel", inKernel(body))).toEqual([call]);
  });

  it.each([
    ["has its star", "yield* put_page(page);"],
    ["is to a plain function", "const page = pte_page(pte);"],
    ["is in a comment", "// put_page(page)"],
    ["is to a variable of that name", "const put_page = () => {}; put_page();"],
    ["is of a method", "other.put_page(page);"],
  ])("a call that %s is not", (_, body) => {
    expect(marked("kernel", inKernel(body))).toEqual([]);
  });

  it("a function that the text declares itself counts as it is declared", () => {
    expect(marked("kernel", `function* own() {}\n${inKernel("own();")}`)).toEqual(["own()"]);
    expect(marked("kernel", `function put_page() {}\n${inKernel("put_page();")}`)).toEqual([]);
  });

  it("agrees with the check of livepatches on every star of the kernel's own listings", () => {
    const bodies = ["put_page(page);", "yield* put_page(page);", "if (PageTail(page)) return;"];
    for (const body of bodies) {
      const code = inKernel(body);
      const patch = readSource("smaps_pte_entry", code);
      const check = (): void => checkPatch(patch, known);
      if (marked("kernel", code).length > 0) expect(check).toThrow(/can be preempted/);
      else expect(check).not.toThrow();
    }
  });

  it("half a sentence is no trouble", () => {
    expect(marked("kernel", inKernel("if (put_page("))).toEqual([
      expect.stringMatching("put_page"),
    ]);
    expect(marked("kernel", "export function* (")).toEqual([]);
  });
});

describe("in a cell", () => {
  const race = (body: string): string =>
    `const race = {stage(kernel) { function* add() { ${body} } return {threads: [{name: "A", run: add}]}; }};`;

  it("the kernel's operations need their stars where threads run", () => {
    expect(marked("cell", race("kernel.store(counter, 1);"))).toEqual([
      "kernel.store(counter, 1)",
    ]);
    expect(marked("cell", race("yield* kernel.store(counter, 1);"))).toEqual([]);
  });

  it("so do its own generators, and those of other cells", () => {
    expect(marked("cell", "function* a() {}\nfunction* b() { a(); }")).toEqual(["a()"]);
    expect(marked("cell", "function* b() { if (a()) return; }", ["a"])).toEqual(["a()"]);
  });

  it("a generator may be called for what it gives: at the top, in a loop, to be handed on", () => {
    const own = "function* a() { yield 1; }\n";
    for (const use of [
      "const latest = a();",
      "for (const n of a()) display(n);",
      "function* b() { for (const n of a()) yield n; }",
      "function* b() { return [...a()]; }",
      "const run = () => a();",
      "function* b() { c.forEach(() => a()); }",
    ])
      expect(marked("cell", own + use), use).toEqual([]);
    expect(marked("cell", "kernel.run_alone(kernel.split_huge_page(page))")).toEqual([]);
  });

  it("explore() is no operation", () => {
    expect(marked("cell", race('kernel.explore("x");'))).toEqual([]);
  });
});
