// Cells in a page: what they may do, what they are told, and that none of them can take the page with it.

import type {Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {kept, lineAbove, openSite, output, run, type CellsSite} from "./cells-page.ts";

let site: CellsSite;
let page: Page;
/** What a reader must never see. */
let trouble: string[];

beforeAll(async () => void (site = await openSite()), 300_000);
afterAll(() => site?.close());

beforeEach(async () => {
  trouble = [];
  page = await (await site.browser.newContext()).newPage();
  page.on("pageerror", (error) => void trouble.push(`page: ${error.message}`));
  page.on(
    "console",
    (m) => void (m.type() === "error" && trouble.push(`console: ${m.text()}`)),
  );
  await page.goto(site.url);
  await output(page, "other").getByText("other").waitFor();
});

afterEach(async () => {
  await page.context().close();
  expect(trouble).toEqual([]);
});

describe("a page that cannot be hung", () => {
  const ENDLESS: readonly (readonly [what: string, text: string])[] = [
    ["while", "while (true) {}"],
    ["do while, without braces", "do n; while (true)"],
    ["labels", "a: for (;;) { b: for (;;) continue a; }"],
    ["promises of its own", "while (true) await null;"],
    [
      "for await of a generator",
      "for await (const _ of (async function* () { for (;;) yield 1; })());",
    ],
    [
      "for await of a hand-made iterator",
      "const all = {[Symbol.asyncIterator]: () => ({next: async () => ({done: false, value: 1})})};\nfor await (const _ of all);",
    ],
    [
      "arrows that follow each other by promises",
      "const f = (): unknown => Promise.resolve().then(f);\nf();",
    ],
    ["microtasks", "const f = () => queueMicrotask(f);\nf();"],
    [
      "a thing that is awaited for ever",
      "const t = {then: (f: (t: unknown) => void) => f(t)};\nawait t;",
    ],
    [
      "an observer that changes what it observes",
      "const p = document.createElement('p');\nnew MutationObserver(() => p.append('x')).observe(p, {childList: true});\np.append('x');",
    ],
    ["a timer", "setTimeout(() => { while (true); }, 20);"],
    ["an animation", "requestAnimationFrame(() => { do {} while (true); });"],
    [
      "a generator that the page runs",
      "const g = (function* () { yield 1; while (true); })();",
    ],
    ["a getter", "const o = {get a() { while (true); return 1; }};\no.a;"],
    ["a getter that is only looked at", "display({get a() { while (true); return 1; }});"],
    [
      "arrows that call themselves",
      "const f = (n: number): number => n < 2 ? n : f(n - 1) + f(n - 2);\nf(60);",
    ],
    [
      "forEach",
      "const f = (n: number): unknown => n > 60 || [1, 2].forEach(() => f(n + 1));\nf(0);",
    ],
    ["a class", "class A { get b() { for (;;); } }\nnew A().b;"],
    ["a static block", "class A { static { while (true); } }"],
    [
      "a tagged template",
      "const t = (_: unknown, n: number): number => n < 2 ? 1 : t`${n - 1}` + t`${n - 2}`;\nt`${60}`;",
    ],
    [
      "a spread",
      "const all = {[Symbol.iterator]: () => ({next: () => ({done: false, value: 1})})};\nlet last;\n[last = 1, ...all];",
    ],
    ["what sorts", "Array.from({length: 1e8}, () => 1);"],
  ];

  it("whatever never ends is stopped, with its line, and the text is kept", async () => {
    for (const [what, text] of ENDLESS) {
      await run(page, "free", text);
      const said = page.getByText(
        /for half a second without letting the page breathe \(line \d\)/,
      );
      await expect
        .poll(() => said.count(), {message: what, timeout: 30_000})
        .toBeGreaterThan(0);
      expect(await kept(page, "free"), what).toBe(text);
      await run(page, "free", `display(${JSON.stringify(what)});`);
      await output(page, "free").getByText(what).waitFor();
    }
  }, 300_000);

  it("a button that hangs is stopped when it is pressed", async () => {
    await run(
      page,
      "free",
      "display(html`<button onclick=${() => { for (;;); }}>press</button>`);",
    );
    await page.getByRole("button", {name: "press"}).click();
    expect(await lineAbove(page, "free", "for half a second")).toContain("for (;;)");
    await page.getByRole("button", {name: "press"}).waitFor();
  });
});
