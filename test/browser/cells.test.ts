// Cells in a page: what they may do, what they are told, and that none of them can take the page with it.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {CDPSession, Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {
  kept,
  lineAbove,
  listing,
  markOf,
  openSite,
  output,
  run,
  type,
  type CellsSite,
} from "./cells-page.ts";

let site: CellsSite;
let page: Page;
/** Says to the browser what a page that hangs does not hear. */
let cdp: CDPSession;
/** What a reader must never see. */
let trouble: string[];

beforeAll(async () => {
  site = await openSite();
  cdp = await site.browser.newBrowserCDPSession();
}, 300_000);
afterAll(() => site?.close());

beforeEach(async () => {
  trouble = [];
  page = await (await site.browser.newContext({serviceWorkers: "block"})).newPage();
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

it.each(["click", "Enter"])(
  "a %s that comes before a listing's frame opens it",
  async (how) => {
    let goOn = (): void => {};
    const held = new Promise<void>((done) => (goOn = done));
    await page.route(/\/listings-.*\.js/, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    const frame = listing(page, "n");
    if (how === "click") await frame.click();
    else await frame.press("Enter");
    expect(await frame.locator(".cm-content").count()).toBe(0);
    goOn();
    await frame.locator(".cm-content").waitFor();
  },
);

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

  it("a text during which the page died is kept, and not run by itself at the next visit", async () => {
    const text = 'const hangs = /(a+)+$/.test("a".repeat(60) + "b");\ndisplay("came back");';
    await type(page, "free", text);
    // Not waited for: a page that hangs does not say that it has heard the key.
    void page.keyboard.press("Shift+Enter").catch(() => {});
    await dies(page);
    page = await page.context().newPage();
    await page.goto(site.url);
    await page.getByText("This cell did not come back last time").waitFor({timeout: 20_000});
    expect(await kept(page, "free")).toBe(text);
    expect(await listing(page, "free").locator(".cm-content").textContent()).toContain("(a+)+");
    // The book's own runs in its place, and who mends the text goes on with it.
    await output(page, "free").getByText("free").waitFor();
    await run(page, "free", text.replace("60", "6"));
    await output(page, "free").getByText("came back").waitFor();
    expect(await page.getByText("did not come back").count()).toBe(0);
  }, 120_000);

  it("a page that is left while a cell runs did not die", async () => {
    await run(page, "free", "await new Promise(() => {});");
    await expect
      .poll(() => page.evaluate((key) => localStorage.getItem(key), markOf("free")))
      .toBe("");
    await page.reload();
    await output(page, "free").getByText("running…").waitFor();
    expect(await page.getByText("did not come back").count()).toBe(0);
  });

  it("code made of text is refused, with its line", async () => {
    await run(page, "free", 'const a = 1;\neval("while (true);");');
    expect(await lineAbove(page, "free", "code made of text")).toContain("eval(");
    await run(page, "free", 'setTimeout("while (true);", 1);');
    expect(await lineAbove(page, "free", "was given no function")).toContain("setTimeout(");
  });
});

describe("Observable's conventions", () => {
  it("display appends, what was there goes at the next run, and a late display is refused", async () => {
    await run(
      page,
      "free",
      `display("one");\ndisplay("two");\nsetTimeout(() => display("late " + n), 400);`,
    );
    await output(page, "free").getByText("late 1").waitFor();
    expect(await output(page, "free").textContent()).toBe('"one""two""late 1"');
    await run(page, "n", "const n = 2;");
    await run(page, "n", "const n = 3;");
    await output(page, "free").getByText("late 3").waitFor();
    expect(await output(page, "free").textContent()).toBe('"one""two""late 3"');
  });

  it("an object that is open stays open", async () => {
    await output(page, "shown").locator("summary").first().click();
    await output(page, "shown").locator("li summary").first().click();
    await run(page, "n", "const n = 21;");
    await output(page, "shown").getByText("twice: 42").first().waitFor();
    expect(await output(page, "shown").locator("details[open]").count()).toBe(2);
  });

  it("a view gives its values, by keyboard, and every input has a name", async () => {
    await run(
      page,
      "free",
      `const size = view(Inputs.range([0, 10], {step: 1, value: 3, label: "size"}));
const isOn = view(Inputs.toggle({label: "on"}));
const some = view(Inputs.checkbox(["a", "b"], {label: "some"}));
const one = view(Inputs.radio(["c", "d"], {label: "one", value: "c"}));
const count = view(Inputs.number([0, 9], {label: "count", value: 4}));
const pick = view(Inputs.select(new Map([["first", 1], ["second", 2]]), {label: "pick"}));
const word = view(Inputs.text({label: "word", value: "w"}));
const found = view(Inputs.search(["x", "xy", "z"], {label: "find"}));
const presses = view(Inputs.button("press"));`,
    );
    await run(
      page,
      "other",
      "[size, isOn, some.join(), one, count, pick, word, found.length, presses].join(' ')",
    );
    const other = output(page, "other");
    await other.getByText('"3 false  c 4 1 w 3 0"').waitFor();
    await page.getByLabel("size").press("ArrowRight");
    await page.getByLabel("on", {exact: true}).press("Space");
    await page.getByLabel("b", {exact: true}).press("Space");
    await page.getByLabel("c", {exact: true}).press("ArrowDown");
    await page.getByLabel("count").fill("7");
    await page.getByLabel("pick").selectOption("second");
    await page.getByLabel("word").fill("v");
    await page.getByLabel("find").fill("x");
    await page.getByRole("button", {name: "press"}).press("Enter");
    await other.getByText('"4 true b d 7 2 v 2 1"').waitFor();
  });

  it("a Mutable is written to in its own cell only", async () => {
    await run(page, "free", "const count = Mutable(0);\nconst more = () => count.value++;");
    await run(
      page,
      "other",
      "display(html`<button onclick=${more}>more</button>`);\ndisplay(count);",
    );
    await page.getByRole("button", {name: "more"}).click();
    await output(page, "other").getByText("1", {exact: true}).waitFor();
    await run(page, "other", "count++;");
    expect(await lineAbove(page, "other", "count cannot be assigned here")).toBe("count++;");
  });

  it("generators, invalidation, visibility, width, dark, now, resize, md and svg", async () => {
    await run(
      page,
      "free",
      `const g = (function* () { for (let i = 0; i < 3; i++) yield i; })();
const gone = Mutable("not yet");
invalidation.then(() => document.body.dataset.gone = "yes");
await visibility();`,
    );
    await run(
      page,
      "other",
      `display([g, width > 100, dark, now > 1e12].join(" "));
display(resize((w) => html\`<p>\${w} wide</p>\`));
display(md\`# A *title* and \${html\`<b>an element</b>\`}\`);
display(svg\`<circle r=\${n} />\`.namespaceURI);`,
    );
    const other = output(page, "other");
    await other.getByText('"2 true false true"').waitFor();
    await other.getByText(/^\d+ wide$/).waitFor();
    await other.locator(".md h1 em").getByText("title").waitFor();
    await other.locator(".md h1 b").waitFor();
    await other.getByText("http://www.w3.org/2000/svg").waitFor();
    await run(page, "free", "const g = 1;");
    await expect.poll(() => page.evaluate(() => document.body.dataset["gone"])).toBe("yes");
  });

  it("TypeScript throughout", async () => {
    await run(
      page,
      "free",
      `enum Colour { Red = 1, Blue }
class Point { constructor(readonly x: number, private y = 2) {} get sum(): number { return this.x + this.y; } }
const points = {a: new Point(1)} satisfies Record<string, Point>;
function first<T extends object>(all: readonly T[]): T | undefined { return all[0]; }
display([Colour[2], points.a.sum, first([points.a])!.x as number].join(" "));`,
    );
    await output(page, "free").getByText("Blue 3 1").waitFor();
  });
});

describe("what is out of date", () => {
  it("says what it waits for, and its run can be stopped and begun again", async () => {
    await run(page, "n", "await new Promise((go) => setTimeout(go, 600_000));\nconst n = 5;");
    await output(page, "shown").getByText("out of date: waits for twice").waitFor();
    expect(await output(page, "shown").getAttribute("class")).toContain("stale");
    expect(await output(page, "shown").textContent()).toContain("twice: 2");
    await output(page, "n").getByRole("button", {name: "Stop"}).click();
    await output(page, "n").getByText("stopped.").waitFor();
    await output(page, "shown")
      .getByText("waits for twice, which has an error: it was stopped")
      .waitFor();
    await output(page, "n").getByRole("button", {name: "Run again"}).click();
    await output(page, "shown").getByText("out of date: waits for twice").waitFor();
    await run(page, "n", "const n = 5;");
    await output(page, "shown").getByText("twice: 10").waitFor();
    expect(await output(page, "shown").getAttribute("class")).not.toContain("stale");
  });

  it("keeps what stood there when something else has an error", async () => {
    await run(page, "n", "const n = missing.x;");
    await output(page, "shown").getByText("What stands here is from before.").waitFor();
    expect(await output(page, "shown").textContent()).toContain("twice: 2");
    expect(await output(page, "shown").getAttribute("class")).toContain("stale");
  });

  it("a book's race and one's own show how far they are, and are stopped", async () => {
    await run(
      page,
      "free",
      'await kernel.explore("smaps_vs_split", {set: {pages: 8, mms: 2, readers: 2}});',
    );
    await output(page, "free")
      .getByText(/exploring: [\d,]+ states/)
      .waitFor({timeout: 30_000});
    await output(page, "free").getByRole("button", {name: "Stop"}).click();
    await output(page, "free")
      .getByText(/stopped \(exploring/)
      .waitFor();
    await run(
      page,
      "free",
      race("yield* kernel.store(counter, (yield* kernel.load(counter)) + 1);", 5),
    );
    await output(page, "free")
      .getByText(/exploring: [\d,]+ states/)
      .waitFor({timeout: 30_000});
    await output(page, "free").getByRole("button", {name: "Stop"}).click();
    await output(page, "free")
      .getByText(/stopped \(exploring/)
      .waitFor();
  }, 90_000);

  it("a thread that never makes a step is stopped, with its line; one that makes the same for ever is found", async () => {
    await run(page, "free", race("while (true) {}", 1));
    await output(page, "free")
      .getByText(/for half a second .* \(line 7\)/)
      .waitFor({timeout: 30_000});
    await run(page, "free", race("while (true) yield* kernel.store(counter, 1);", 1));
    await output(page, "free").getByText("Found.").waitFor({timeout: 30_000});
  });
});

/** A race of one's own in which two threads do `step` so many times. */
function race(step: string, times: number): string {
  return `const race = {
  about: "Two threads.",
  stage(kernel, machine) {
    const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
    function* work() {
      for (let i = 0; i < ${times}; i++) {
        ${step}
      }
    }
    return {threads: [1, 2, 3, 4].map((n) => ({name: "CPU " + n, run: work}))};
  },
};
display(verdict(await kernel.explore(race)));`;
}

describe("what goes wrong is told where it is", () => {
  it("a name that nobody has, with what may have been meant", async () => {
    await run(page, "free", "const a = 1;\nconst b = twcie + a;");
    expect(await lineAbove(page, "free", "twcie is not defined")).toBe("const b = twcie + a;");
    await page.getByText("did you mean twice?").first().waitFor();
  });

  it("a name that two cells have, and a circle, and both go when they are mended", async () => {
    await run(page, "free", "const twice = 5;");
    await output(page, "twice")
      .getByText(
        "twice is defined more than once, here and in the cell that begins “const twice = 5;”",
      )
      .waitFor();
    await output(page, "free")
      .getByText("in the cell that begins “const twice = n * 2;”")
      .waitFor();
    await run(page, "free", '"mended"');
    await output(page, "shown").getByText("twice: 2").first().waitFor();
    await expect.poll(() => page.getByText("more than once").count()).toBe(0);
    await run(page, "n", "const n = twice;");
    await output(page, "n")
      .getByText("the cell of n needs twice, the cell of twice needs n")
      .waitFor();
    await run(page, "n", "const n = 4;");
    await output(page, "shown").getByText("twice: 8").first().waitFor();
    await expect.poll(() => page.getByText("circular").count()).toBe(0);
  });

  it("in another cell's function: under the call, with the place where it arose", async () => {
    await run(page, "free", 'function fails(): never {\n  throw new RangeError("too far");\n}');
    await run(page, "other", "const x = 1;\nfails();");
    expect(await lineAbove(page, "other", "too far (at line 2 of the cell of fails)")).toBe(
      "fails();",
    );
  });

  it("after the run: in a timer, in a promise that nobody awaits, in a view, and what is no Error", async () => {
    await run(
      page,
      "free",
      'display("here");\nsetTimeout(() => { throw new Error("later"); }, 20);',
    );
    expect(await lineAbove(page, "free", "later")).toContain("setTimeout");
    expect(await output(page, "free").textContent()).toContain("here");
    await run(
      page,
      "free",
      'const a = 1;\nvoid (async () => { await 0; throw new Error("unheard"); })();',
    );
    expect(await lineAbove(page, "free", "unheard")).toContain("async");
    await run(page, "free", 'setTimeout(() => {\n  throw "just text";\n}, 20);');
    expect(await lineAbove(page, "free", "just text was thrown, which is no Error")).toContain(
      "throw",
    );
    await run(page, "free", "const v = view(5);");
    expect(
      await lineAbove(page, "free", "view() was given something without a value"),
    ).toContain("view(5)");
    await run(page, "free", "throw {odd: 1};");
    await output(page, "free").getByText("{odd: 1} was thrown, which is no Error").waitFor();
  });

  it("two at once, each at its own place, in the printed listing and in a sentence", async () => {
    await run(page, "n", "const n = 0 as any;\nif (n === 0) throw new Error('both');");
    expect(await lineAbove(page, "n", "both")).toContain("if (n === 0)");
    await page.locator(".live").getByText("(waits for n)").waitFor();
    await run(page, "n", "const n = null as any;");
    await run(page, "twice", "const twice = 1;\nn.x.y;");
    expect(await lineAbove(page, "twice", "x was read from null")).toBe("n.x.y;");
    await run(page, "n", "const n = 1;");
    await page.locator(".live").getByText("101").waitFor();
  });
});

describe("a source that is not printed", () => {
  it("opens at the cell's edge by keyboard, can be changed, and is kept", async () => {
    const toggle = page.getByRole("button", {name: /^source of the cell that begins “display/});
    await toggle.focus();
    await page.keyboard.press("Enter");
    await listing(page, "hidden").locator(".cm-content").waitFor();
    expect(await toggle.getAttribute("aria-expanded")).toBe("true");
    await run(page, "hidden", 'display("seen " + twice);');
    await output(page, "hidden").getByText("seen 2").waitFor();
    await page.reload();
    await output(page, "hidden").getByText("seen 2").waitFor();
    await listing(page, "hidden").locator(".cm-content").getByText("seen").waitFor();
  });

  it("of a value in a sentence opens below the paragraph", async () => {
    await page.locator(".live").getByText("101").click();
    await page.locator("main > .listing.opened .cm-content").getByText("n + 100").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("n + 500");
    await page.keyboard.press("Shift+Enter");
    await page.locator(".live").getByText("501").waitFor();
  });

  it("and an error in it says its line", async () => {
    await run(page, "n", "const n = 1;\nconst twice = 3;");
    await output(page, "hidden").getByText("waits for twice").waitFor();
  });
});

it.each(["light", "dark"] as const)(
  "axe finds nothing, with all of it open (%s)",
  async (theme) => {
    await page.emulateMedia({colorScheme: theme});
    await page.locator(".live").first().click();
    await page
      .getByRole("button", {name: /^source of the cell that begins/})
      .first()
      .focus();
    await page.keyboard.press("Enter");
    await run(
      page,
      "free",
      'view(Inputs.checkbox(["a"]));\nview(Inputs.text());\nview(Inputs.table([{a: 1}]));\nview(Inputs.textarea());',
    );
    await run(page, "other", "missing");
    await run(page, "n", "await new Promise(() => {});\nconst n = 1;");
    await output(page, "shown").getByText("out of date").waitFor();
    const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(readFileSync(axe, "utf8"));
    const found = await page.evaluate(async () => {
      const {violations} = await (
        globalThis as unknown as {
          axe: {run(): Promise<{violations: {id: string; nodes: {html: string}[]}[]}>};
        }
      ).axe.run();
      return violations.map(
        ({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" | ")}`,
      );
    });
    expect(found).toEqual([]);
  },
  90_000,
);

/** Waits until a page does not answer any more, and closes it as its reader would. */
async function dies(hung: Page): Promise<void> {
  const silence = () => new Promise<string>((say) => setTimeout(() => say("silence"), 5000));
  const answer = () => hung.evaluate(() => "answer").catch(() => "gone");
  await expect
    .poll(() => Promise.race([answer(), silence()]), {timeout: 30_000})
    .toBe("silence");
  const {targetInfos} = await cdp.send("Target.getTargets");
  for (const {targetId, url} of targetInfos)
    if (url === site.url) await cdp.send("Target.closeTarget", {targetId});
  await expect.poll(() => hung.isClosed(), {timeout: 20_000}).toBe(true);
}
