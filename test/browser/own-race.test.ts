// A race that a reader writes into a cell: explored on the page's own thread, while the page stays free.

import {chromium, type Browser, type Locator, type Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from "vitest";
import type {Serving} from "../../bin/serve.ts";
import {serveBook} from "./book.ts";
import {countingRace} from "./counting-race.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

let site: Serving;
let browser: Browser;
let page: Page;
let trouble: string[];

beforeAll(async () => {
  site = await serveBook();
  browser = await chromium.launch({executablePath: findBrowser(), args: BROWSER_ARGUMENTS});
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
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

const cpus = "const cpus = 2;";

async function open(): Promise<void> {
  await page.goto(`${site.url}00-start-here.html`);
}

/** Puts `text` into a cell that others need `cpus` from, and runs it. */
async function run(text: string): Promise<void> {
  await type(page.locator('[data-cell="cpus"]').first(), `${cpus}${text}`);
}

async function type(listing: Locator, text: string): Promise<void> {
  await listing.locator("pre, .cm-content").first().click();
  await listing.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await page.keyboard.press("Shift+Enter");
}

it("is explored, told and shown as the book's are", async () => {
  await open();
  await run(`${countingRace(2, 1)}
const mine = await kernel.explore(race);
display(verdict(mine));
display(timeline(await kernel.replay(mine.findings[0].schedule, {race})));`);
  const output = page.locator('[data-output="cpus"]');
  await output.getByText("Found.").waitFor();
  await output.getByText("an update is lost").first().waitFor();
  const figure = output.locator("figure.timeline");
  await figure.getByRole("button", {name: /finding/}).click();
  await expect.poll(() => figure.textContent()).toContain("count_up");
});

it("waits until its reader moves, where it is out of sight", async () => {
  await page.setViewportSize({width: 412, height: 823});
  await page.goto(`${site.url}01-a-crash-in-smaps.html`);
  await page.waitForSelector("[data-cell=sharers][aria-label]");
  const table = page.locator('[data-output="cell-2"]');
  // As long as it takes otherwise.
  await page.waitForTimeout(1_500);
  expect(await table.locator("table").count()).toBe(0);
  await page.keyboard.press("Tab");
  await table.getByText("process 0").waitFor();
});

it("leaves the page free while 100,000 states are looked at: it does other things all the time", async () => {
  // The type checker starts at the first edit, and nobody presses Run as soon after it as this test does: it would be measured as well.
  await page.route(/types-worker/, (route) =>
    route.fulfill({contentType: "text/javascript", body: ""}),
  );
  await open();
  await run(`${countingRace(3, 3)}
let beats = 0;
let longest = 0;
let last = performance.now();
const heart = setInterval(() => {
  const now = performance.now();
  beats++;
  longest = Math.max(longest, now - last);
  last = now;
}, 4);
const began = performance.now();
const mine = await kernel.explore(race);
const ms = performance.now() - began;
clearInterval(heart);
display([mine.verdict, mine.counts.states, ms, beats, longest].join(" "));`);
  const output = page.locator('[data-output="cpus"]');
  await output.getByText("violated").waitFor();
  const [, ...numbers] = (await output.textContent())!.replaceAll('"', "").split(" ");
  const [states, ms, beats, longest] = numbers.map(Number);
  expect(states).toBeGreaterThan(90_000);
  // Slices are 12 ms where the machine has nothing else to do; tests have company.
  expect(beats).toBeGreaterThan(ms / 80);
  expect(longest).toBeLessThan(500);
});

it("says how far it is, and stops when its cell runs again", async () => {
  await open();
  await run(`${countingRace(4, 4)}
await kernel.explore(race);
display("explored")`);
  const output = page.locator('[data-output="cpus"]');
  await expect
    .poll(() => output.getAttribute("data-progress"))
    .toMatch(/^exploring: [\d,]+ states, [\d,]+ a second/);
  await run(`display("again");`);
  await output.getByText("again").waitFor();
});

it("a mistake in it is said under its line", async () => {
  await open();
  await run(`${countingRace(2, 1).replace("kernel.load(", "kernel.laod(")}
display(verdict(await kernel.explore(race)));`);
  const wrong = page
    .locator('[data-cell="cpus"] .cm-content')
    .getByText("no laod: did you mean load?");
  await wrong.waitFor();
  const lines = await page.locator('[data-cell="cpus"] .cm-content > *').allTextContents();
  const line = lines.findIndex((text) => text.includes("did you mean load?"));
  expect(lines[line - 1]).toContain("kernel.laod(counter)");
});

it("runs the kernel as the reader has changed it", async () => {
  await page.goto(`${site.url}11-the-thread.html`);
  const cell = page.locator("figure.listing [data-cell]").first();
  const id = (await cell.getAttribute("data-cell"))!;
  await type(
    cell,
    `const unchecked = await kernel.explore({
  about: "smaps is read while the page is split.",
  stage(kernel) {
    const page = kernel.run_alone(kernel.start_kernel());
    const mm = kernel.mm_alloc("mm", kernel.anon_vma_alloc());
    kernel.run_alone(kernel.map_huge_page(page, [mm]));
    return {threads: [
      {name: "cat smaps", run: () => kernel.show_smap(mm)},
      {name: "madvise", run: () => kernel.madvise_free(mm)},
    ]};
  },
});
display(verdict(unchecked));`,
  );
  const output = page.locator(`[data-output="${id}"]`);
  await output.getByText("VM_BUG_ON_PAGE(!PageHead(page))").waitFor();
  const kernel = page.locator('[data-kernel="smaps_pte_entry"]').first();
  await kernel.locator("pre").first().click();
  await kernel.locator(".cm-content").waitFor();
  const text = (await kernel.locator(".cm-line").allTextContents()).join("\n");
  await type(
    kernel,
    text.replace(/^.*migration_entry_to_page.*$\n^.*smaps_account\(mss, page, false.*$/m, ""),
  );
  // What runs on the page's thread waits until somebody looks.
  await output.scrollIntoViewIfNeeded();
  await output.getByText("Holds.").waitFor();
});
