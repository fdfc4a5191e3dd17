// The timeline in a browser, by keyboard: to the finding, into a branch and back, a prediction, two kernels side by side, and the line
// of the listing.

import {readFileSync, mkdtempSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type Locator, type Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from "vitest";
import {buildSite} from "../../bin/build.ts";
import {serve, type Serving} from "../../bin/serve.ts";
import {tailpage} from "../bin/command.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

const folder = mkdtempSync(join(tmpdir(), "tailpage-timeline-"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let site: Serving;
let browser: Browser;
let page: Page;
let trouble: string[];

beforeAll(async () => {
  await buildSite(join(folder, "book"));
  site = await serve(join(folder, "book"), 0);
  browser = await chromium.launch({executablePath: findBrowser(), args: BROWSER_ARGUMENTS});
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, {recursive: true, force: true});
});

beforeEach(async () => {
  trouble = [];
  page = await browser.newPage();
  page.on("pageerror", (error) => void trouble.push(`page: ${error.message}`));
  page.on(
    "console",
    (m) => void (m.type() === "error" && trouble.push(`console: ${m.text()}`)),
  );
});

afterEach(async () => {
  await page.close();
  expect(trouble).toEqual([]);
});

/** The chapter's first timeline, with the focus on its lanes. */
async function open(chapter: string): Promise<Locator> {
  await page.goto(`${site.url}${chapter}.html`);
  await page.getByRole("button", {name: "Find me the schedule"}).press("Enter");
  // Others on the page need no button.
  const found = /a run of (lost_update|smaps_vs_split),/;
  const figure = page.getByRole("figure", {name: found}).first();
  await figure.waitFor();
  await figure.locator(".timeline-lanes").focus();
  return figure;
}

/** Comes to a heading: what is farther away than a page's height has not run yet. */
async function comeTo(heading: string): Promise<void> {
  await page.locator(`#${heading}`).evaluate((element) => element.scrollIntoView());
}

/** The comparison of chapter 11. */
async function comeToBoth(): Promise<Locator> {
  await comeTo("mend-it");
  const both = page.locator("figure.compared");
  await both.waitFor();
  return both;
}

/** The run of chapter 4 in which two CPUs store, and both stores wait; behind the second of them. */
async function openWaiting(): Promise<Locator> {
  await page.goto(`${site.url}04-where-another-cpu-gets-in.html`);
  await comeTo("turns");
  const figure = page.getByRole("figure", {name: /a run of litmus_SB,/}).first();
  await figure.waitFor();
  await figure.locator(".timeline-lanes").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  return figure;
}

const counter = (figure: Locator) => figure.locator(".timeline-counter").textContent();

/** What axe finds wrong, with the theme of the page. */
async function complaints(): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const {axe} = globalThis as unknown as {
      axe: {run(): Promise<{violations: {id: string; nodes: {html: string}[]}[]}>};
    };
    const {violations} = await axe.run();
    return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
  });
}

it("one key goes to the finding, and the caption says function, file and line", async () => {
  const figure = await open("11-the-thread");
  await page.keyboard.press("f");
  const caption = figure.locator(".timeline-caption");
  await caption.getByText("VM_BUG_ON_PAGE(!PageHead(page))").first().waitFor();
  expect(await caption.locator(".did").textContent()).toMatch(
    /in PageDoubleMap, called by __page_mapcount\. src\/mm\/page-flags\.ts:\d+$/,
  );
});

it("the listing shows the line that the step stands on, in print and in its editor", async () => {
  await open("11-the-thread");
  await page.keyboard.press("f");
  const listing = page.locator('[data-kernel="__page_mapcount"]');
  await expect
    .poll(() => listing.locator(".line.stands").allTextContents())
    .toEqual(["  const both = yield* PageDoubleMap(head);"]);
  await listing.press("Enter");
  const inEditor = listing.locator(".cm-line.stands");
  await expect
    .poll(() => inEditor.allTextContents())
    .toEqual(["  const both = yield* PageDoubleMap(head);"]);
  await page.keyboard.press("Control+Home");
  await page.keyboard.insertText("// mine\n");
  expect(await inEditor.allTextContents()).toEqual([
    "  const both = yield* PageDoubleMap(head);",
  ]);
});

it("the reader's own text is what the line is of, once it runs", async () => {
  await open("11-the-thread");
  const listing = page.locator('[data-kernel="__page_mapcount"]');
  await listing.press("Enter");
  await listing.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+Home");
  await page.keyboard.insertText("// mine\n");
  await page.keyboard.press("Shift+Enter");
  const figure = page.locator("figure.timeline").first();
  // The figure that is there is of the old kernel, until the new one has been explored.
  await expect
    .poll(
      async () => {
        await figure.getByRole("button", {name: "to the finding"}).press("Enter");
        return listing.locator(".cm-line.stands").allTextContents();
      },
      {timeout: 60_000},
    )
    .toEqual(["  const both = yield* PageDoubleMap(head);"]);
});

it("who has to wait says for whom, and cannot be let go", async () => {
  const figure = await open("11-the-thread");
  await page.keyboard.press("f");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  const waiting = figure.getByRole("button", {name: /let CPU 1 step/});
  expect(await waiting.textContent()).toContain("waits for mm0.ptl, held by CPU 0");
  const before = await counter(figure);
  await page.keyboard.press("1");
  await figure.getByText("CPU 1 waits for mm0.ptl, held by CPU 0.").waitFor();
  expect(await counter(figure)).toBe(before);
});

it("a branch by keyboard: another end, its schedule in a terminal, and back to the run", async () => {
  const figure = await open("00-start-here");
  await page.keyboard.press("Home");
  await page.keyboard.press("0");
  const schedule = figure.locator(".timeline-schedule");
  await expect.poll(() => schedule.textContent()).toMatch(/^lost_update~[0-9a-z]+~a2$/);
  await figure.getByText("Your branch leaves the run behind step 1.").waitFor();
  const replayed = tailpage("replay", (await schedule.textContent())!);
  expect(replayed).toMatchObject({status: 0, stderr: ""});

  await page.keyboard.press("g");
  await figure.getByText("counter 2", {exact: true}).waitFor();
  expect(await counter(figure)).toBe("Step 4 of 4");
  expect(await figure.locator(".timeline-finding").count()).toBe(0);
  await figure.getByText("the steps in words").click();
  expect(await figure.locator(".timeline-list li").nth(1).textContent()).toContain(
    "Your branch leaves the run behind step 1.",
  );

  await figure.locator(".timeline-lanes").focus();
  await page.keyboard.press("r");
  await figure.getByRole("button", {name: "To your branch"}).waitFor();
  expect(await counter(figure)).toBe("Step 1 of 3");
  await page.keyboard.press("r");
  await figure.getByText("counter 2", {exact: true}).waitFor();
});

it("a choice that the run has made as well is a step along the run", async () => {
  const figure = await open("11-the-thread");
  await page.keyboard.press("Home");
  await page.keyboard.press("1");
  await expect.poll(() => counter(figure)).toMatch(/^Step 2 of \d+$/);
  expect(await figure.locator(".in-branch").count()).toBe(0);
});

it("a store that waits is let go by key and by button, and what waits is listed", async () => {
  const figure = await openWaiting();
  const stores = figure.getByRole("group", {name: "let a store reach memory"});
  const waiting = () => figure.locator(".timeline-buffer:visible li").allTextContents();
  expect(await stores.getByRole("button").allTextContents()).toEqual([
    "CPU 0: litmus.x = 1",
    "CPU 1: litmus.y = 1",
  ]);
  expect(await waiting()).toEqual(["litmus.x = 1 from step 1", "litmus.y = 1 from step 3"]);

  await page.keyboard.press("b");
  const schedule = figure.locator(".timeline-schedule");
  await expect
    .poll(() => schedule.textContent())
    .toMatch(/^litmus_SB~memory-tso~[0-9a-z]+~a2bA$/);
  expect(await waiting()).toEqual(["litmus.y = 1 from step 3"]);
  expect(tailpage("replay", (await schedule.textContent())!)).toMatchObject({
    status: 0,
    stderr: "",
  });

  await page.keyboard.press("1");
  await expect.poll(() => schedule.textContent()).toMatch(/~a2bAb$/);
  // Both CPUs are through, and one store is on its way still.
  await stores.getByRole("button", {name: "CPU 1: litmus.y = 1"}).press("Enter");
  await figure.getByText("r0=0 r1=1 x=1 y=1", {exact: true}).waitFor();
  expect(await waiting()).toEqual([]);
  expect(await stores.isVisible()).toBe(false);
  // The button is gone, and the focus is not.
  expect(await figure.evaluate((root) => root.contains(document.activeElement))).toBe(true);
});

it("a branch of a race that a cell has written", async () => {
  await page.goto(`${site.url}00-start-here.html`);
  const cell = page.locator('[data-cell="cpus"]').first();
  await cell.press("Enter");
  await cell.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(`const cpus = 2;
const race = {
  about: "Two CPUs count.",
  stage(kernel, machine) {
    const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
    function* count_up() {
      const value = yield* kernel.load(counter);
      yield* kernel.store(counter, value + 1);
    }
    return {threads: [0, 1].map((i) => ({name: "count", run: count_up})), invariants: [
      {name: "no update is lost", check: (memory) => memory.read(counter) === 2 ? null : "lost"},
    ]};
  },
};
const mine = await kernel.explore(race);
display(timeline(await kernel.replay(mine.findings[0].schedule, {race})));`);
  await page.keyboard.press("Shift+Enter");
  const figure = page.locator('[data-output="cpus"] figure.timeline');
  await figure.waitFor();
  await figure.locator(".timeline-lanes").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("0");
  await figure.getByText("Your branch leaves the run behind step 1.").waitFor();
  await page.keyboard.press("g");
  await expect.poll(() => counter(figure)).toBe("Step 4 of 4");
  expect(await figure.locator(".timeline-finding").count()).toBe(0);
});

it("what will it hold? The end is not shown before the reader has said, or has skipped it", async () => {
  const figure = await open("00-start-here");
  const question = figure.getByRole("group", {name: "what do you think?"});
  await page.keyboard.press("End");
  await question.getByText("What will").waitFor();
  expect(await counter(figure)).toBe("Step 3 of 3");
  expect(await figure.textContent()).not.toContain("after 2 increments");
  // Who wants to go on is led to the choices.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await question.getByText("You thought 2. shared.counter holds 1.").waitFor();
  expect(await counter(figure)).toBe("Step 4 of 4");
  await figure.getByText("the steps in words").click();
  expect(await figure.locator(".timeline-list li").last().textContent()).toContain(
    "(you thought 2)",
  );

  const again = await open("00-start-here");
  await page.keyboard.press("End");
  await again.getByRole("button", {name: "skip"}).press("Enter");
  expect(await counter(again)).toBe("Step 4 of 4");
});

it("two kernels on one schedule begin where they part, and one cursor moves through both", async () => {
  await open("11-the-thread");
  const both = await comeToBoth();
  const parting = both.locator(".timeline-parting");
  expect(await parting.textContent()).toMatch(
    /^At step \d+, after \d+ that are the same, v5\.13 does .*; count_migration_entries_once does /,
  );
  const current = both.locator("tr[aria-current]");
  expect(await current.locator("th").textContent()).toMatch(/≠ first$/);
  await both.getByRole("button", {name: "last"}).press("Enter");
  expect(await current.locator("td").first().textContent()).toBe("–");
  await page.keyboard.press("d");
  expect(await current.locator("th").textContent()).toMatch(/≠ first$/);
  await both.getByText("nothing goes wrong").waitFor();
});

it.each(["light", "dark"] as const)(
  "axe finds nothing, with all of it open (%s)",
  async (colorScheme) => {
    await page.emulateMedia({colorScheme});
    const figure = await open("11-the-thread");
    await comeToBoth();
    await figure.locator(".timeline-lanes").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("0");
    await figure.getByText("Your branch leaves the run behind step 1.").waitFor();
    for (const summary of await figure.locator("summary").all()) await summary.click();
    expect(await complaints()).toEqual([]);

    await open("00-start-here");
    await page.keyboard.press("End");
    await page.getByRole("group", {name: "what do you think?"}).waitFor();
    expect(await complaints()).toEqual([]);

    const waiting = await openWaiting();
    for (const summary of await waiting.locator("summary").all()) await summary.click();
    expect(await complaints()).toEqual([]);
  },
);

it("on a phone nothing is wider than the page", async () => {
  await page.setViewportSize({width: 390, height: 844});
  const figure = await open("11-the-thread");
  await comeToBoth();
  await figure.locator(".timeline-lanes").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("0");
  await figure.getByText("Your branch leaves the run behind step 1.").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await openWaiting();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
