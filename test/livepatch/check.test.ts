// What can be wrong with a livepatch, and what is said then: where, what, and one thing to try.

import {describe, expect, it} from "vitest";
import {UserError} from "../../src/livepatch/index.ts";
import {run_alone, type Op} from "../../src/sim/index.ts";
import {boot, errorOf, livepatched, scene} from "../support.ts";

function refusal(text: string): UserError {
  const error = errorOf(() => livepatched({name: "my.ts", text}));
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).where).toBe("my.ts");
  return error as UserError;
}

/** A livepatch of put_page() with this body, which begins on line 3. */
function put_page(body: string): string {
  return `// Mine.\nexport function* put_page(page: Page): Op<void> {\n${body}\n}\n`;
}

describe("a livepatch is refused, and told where", () => {
  it.each([
    [
      "an unknown name",
      "\nexport function* put_pgae(page) {\n}\n",
      2,
      /no function put_pgae.*did you mean put_page\?/,
    ],
    ["what does not parse", put_page("  if (page {\n  }"), 3, /does not parse.*\(line 3\)/],
    [
      "a type that does not parse",
      "export function* put_page(page: ): Op<void> {\n}\n",
      1,
      /does not parse.*\(line 1\)/,
    ],
    [
      "a forgotten yield*, as a statement",
      put_page("  const head = yield* compound_head(page);\n  page_ref_inc(head);"),
      4,
      /write yield\* page_ref_inc\(\.\.\.\)/,
    ],
    [
      "a forgotten yield*, as a condition",
      put_page("  if (PageTail(page)) return;"),
      3,
      /write yield\* PageTail/,
    ],
    [
      "a forgotten yield*, inside an expression",
      put_page("  const n = 1 + page_count(page);"),
      3,
      /write yield\* page_count/,
    ],
    ["a yield where yield* is meant", put_page("  yield compound_head(page);"), 3, /yield/],
    [
      "a yield* where none belongs",
      put_page("  const n = yield* page_to_pfn(page);"),
      3,
      /page_to_pfn\(\) cannot be preempted/,
    ],
    ["a bare yield", put_page("  yield 1;"), 3, /a bare yield/],
    ["a bare yield of nothing", put_page("  yield;"), 3, /a bare yield/],
    [
      "a constant of the kernel",
      "export const PAGE_SIZE = 8192;\n",
      1,
      /only functions can be patched/,
    ],
    [
      "a constant of one's own",
      "const MINE = 1;\nexport function* put_page(page) {\n  return MINE;\n}\n",
      1,
      /only functions can be patched/,
    ],
    [
      "a function in place of a constant",
      "\n\nexport function PAGE_SIZE() {\n}\n",
      3,
      /only functions can be patched/,
    ],
    [
      "a variable",
      "let n = 0;\nexport function* put_page(page) {\n  n++;\n}\n",
      1,
      /only functions can stand/,
    ],
    ["a statement", "put_page();\n", 1, /only functions can stand/],
    ["a class", "export class Page {\n}\n", 1, /only functions can stand/],
    [
      "a star that was lost",
      "export function put_page(page) {\n}\n",
      1,
      /put_page is a function\* in the kernel and a function here/,
    ],
    [
      "a star that was gained",
      "export function* page_to_pfn(page) {\n}\n",
      1,
      /page_to_pfn is a function in the kernel and a function\* here/,
    ],
  ])("%s", (_what, text, line, says) => {
    const error = refusal(text);
    expect(error.message).toMatch(says);
    expect(error.line).toBe(line);
    expect(error.message, "one line").not.toContain("\n");
  });

  it("nothing in it", () => {
    expect(refusal("// nothing yet\n").message).toMatch(/defines no function/);
  });

  it("the same name twice", () => {
    const twice =
      "export function* put_page(page) {\n}\nexport function* put_page(page) {\n}\n";
    expect(refusal(twice).line).toBe(3);
  });

  it("a name that only calls itself", () => {
    expect(refusal("function* helper(page) {\n  yield* helper(page);\n}\n").message).toMatch(
      /no function helper/,
    );
  });
});

describe("a livepatch is taken", () => {
  it("with a new function that a patched one calls", () => {
    const text =
      "function helper(n) {\n  return n + 1;\n}\nexport function* page_mapcount(page) {\n  return helper(41);\n}\n";
    const {kernel, machine} = boot({linked: livepatched({name: "my.ts", text})});
    const page = run_alone(kernel.start_kernel(), machine);
    expect(run_alone(kernel.page_mapcount(page), machine)).toBe(42);
  });

  it("on top of another: the later one counts, and sees the names that the earlier one brought", () => {
    const first =
      "function helper() {\n  return 1;\n}\nexport function* page_mapcount(page) {\n  return helper();\n}\n";
    const second = "export function helper() {\n  return 2;\n}\n";
    const mapcount = (...texts: string[]): number => {
      const linked = livepatched(...texts.map((text, i) => ({name: `${i}.ts`, text})));
      const {kernel, machine} = boot({linked});
      const page = run_alone(kernel.start_kernel(), machine);
      return run_alone(kernel.page_mapcount(page), machine);
    };
    expect(mapcount(first)).toBe(1);
    expect(mapcount(first, second)).toBe(2);
    expect(() => mapcount(second, first)).toThrow("the kernel has no function helper");
    expect(mapcount(first, first.replace("return helper()", "return 3 + helper()"))).toBe(4);
  });

  it("in the place of the function that everybody else calls", () => {
    const text = "export function* page_mapcount(page: Page): Op<number> {\n  return 4;\n}\n";
    const {kernel, machine} = boot({linked: livepatched({name: "my.ts", text})});
    const head = run_alone(kernel.start_kernel(), machine);
    const mm = kernel.mm_alloc("mm0", kernel.anon_vma_alloc());
    run_alone(kernel.map_huge_page(head, [mm]), machine);
    run_alone(kernel.get_page(head), machine);
    const {pss} = run_alone(kernel.show_smap(mm), machine);
    expect(pss / 4096).toBe((4 * 4096) / 4);
  });
});

it("two livepatches of one name are both linked, or refused", () => {
  const of = (text: string) => ({name: "my.ts", text});
  const linked = () =>
    livepatched(
      of("export function* page_mapcount(page) {\n  return 42;\n}\n"),
      of("export function* page_count(page) {\n  return 43;\n}\n"),
    );
  try {
    const {kernel, machine} = boot({linked: linked()});
    const page = run_alone(kernel.start_kernel(), machine);
    expect(run_alone(kernel.page_mapcount(page), machine)).toBe(42);
    expect(run_alone(kernel.page_count(page), machine)).toBe(43);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
  }
});

describe("an endless loop in a patched function", () => {
  const forever = (loop: string) => {
    const linked = livepatched({name: "my.ts", text: put_page(`\n  const n = 0;\n  ${loop}`)});
    const {kernel, machine} = boot({linked});
    const page = run_alone(kernel.start_kernel(), machine);
    return () => run_alone(kernel.put_page(page), machine);
  };

  it.each([
    "while (true) {}",
    "for (;;);",
    "do {} while (n === 0);",
    "while (n === 0) Math.sin(n);",
  ])("%s is stopped, and its line is named", (loop) => {
    const error = errorOf(forever(loop));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/the loop at line 5 took a million turns/);
    expect((error as UserError).line).toBe(5);
  });

  it("a loop that lets another CPU run may take as long as it likes", () => {
    const text = put_page(
      "  for (let i = 0; i < 2_000_000; i++) if (i % 1000 === 0) yield* page_count(page);",
    );
    const {kernel, machine} = boot({linked: livepatched({name: "my.ts", text})});
    const page = run_alone(kernel.start_kernel(), machine);
    expect(() => run_alone(kernel.put_page(page), machine)).not.toThrow();
  });
});

it("a primitive that was made and not run does nothing: the kernel is as it was", () => {
  const {kernel, machine, head} = scene();
  const before = machine.memory.halves.slice();
  const op: Op<void> = kernel.get_page(head);
  expect(op).toBeDefined();
  expect(machine.memory.halves).toEqual(before);
});
