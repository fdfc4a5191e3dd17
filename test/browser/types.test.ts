// The type checker and the rule of the star, as a reader meets them.

import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type Locator, type Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from "vitest";
import {buildSite} from "../../bin/build.ts";
import {serve, type Serving} from "../../bin/serve.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

const folder = mkdtempSync(join(tmpdir(), "tailpage-types-"));
let site: Serving;
let browser: Browser;
let page: Page;
let trouble: string[];

beforeAll(async () => {
  const executablePath = findBrowser();
  await buildSite(join(folder, "book"));
  site = await serve(join(folder, "book"), 0);
  browser = await chromium.launch({executablePath, args: BROWSER_ARGUMENTS});
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, {recursive: true, force: true});
});

beforeEach(async () => {
  trouble = [];
  page = await browser.newPage();
  page.on("console", (m) => void (m.type() === "error" && trouble.push(m.text())));
  page.on("pageerror", (error) => void trouble.push(error.message));
});

afterEach(async () => {
  await page.close();
  expect(trouble).toEqual([]);
});

async function open(selector: string, chapter = "11-the-thread"): Promise<Locator> {
  await page.goto(`${site.url}${chapter}.html`);
  const listing = page.locator(selector);
  await listing.click();
  await listing.locator(".cm-content").waitFor();
  return listing;
}

async function textOf(listing: Locator): Promise<string> {
  return (await listing.locator(".cm-line").allTextContents()).join("\n");
}

async function write(listing: Locator, text: string): Promise<void> {
  await listing.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** The line of the editor under which a sentence stands. In one step: an editor that hears of another problem draws them anew. */
async function lineAbove(sentence: Locator): Promise<string | null> {
  await sentence.waitFor();
  return sentence.evaluateAll(
    ([element]) =>
      element?.closest(".cm-content > div")?.previousElementSibling?.textContent ?? null,
  );
}

const workers = (): string[] =>
  page
    .workers()
    .map((worker) => worker.url())
    .filter((url) => url.includes("types-worker"));

it("a type error is shown under its line, and goes when it is mended; nothing starts before an editor is open", async () => {
  await page.goto(`${site.url}11-the-thread.html`);
  await page.waitForTimeout(500);
  expect(workers()).toEqual([]);
  const listing = await open("[data-kernel=__page_mapcount]");

  const before = await textOf(listing);
  await write(listing, before.replace("PageDoubleMap(head)", "PageDoubleMap(pmds)"));
  const sentence = listing.getByText("this argument is a number, and a Page is wanted");
  await sentence.waitFor();
  expect(workers()).toHaveLength(1);
  expect(await lineAbove(sentence)).toContain("PageDoubleMap(pmds)");
  expect(await listing.locator(".wrong-range").allTextContents()).toEqual(["pmds"]);

  await write(listing, before);
  await sentence.waitFor({state: "detached"});
  expect(await listing.locator(".wrong-line").count()).toBe(0);
});

it("what comes into sight by the way lets an editor and its first answer go first", async () => {
  const begun: string[] = [];
  page.on("worker", (worker) => begun.push(/\/(\w+)-worker/.exec(worker.url())![1]!));
  await page.goto(`${site.url}11-the-thread.html`);
  const listing = page.locator("[data-cell][aria-label]").first();
  await listing.waitFor();
  await page.waitForTimeout(1_000);
  expect(begun).toEqual([]);

  await listing.focus();
  await page.keyboard.press("Enter");
  await listing.locator(".cm-focused").waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\nconst mistaken: string = 2;");
  await listing.locator(".problem").waitFor();
  await expect.poll(() => begun).toEqual(["types", "model"]);
});

it("a forgotten star is marked at once: no type checker is needed for it", async () => {
  await page.route(/types-worker/, (route) => route.abort());
  const listing = await open("[data-kernel=__page_mapcount]");
  const before = await textOf(listing);
  await page.waitForTimeout(500);
  await write(listing, before.replace("yield* PageDoubleMap", "PageDoubleMap"));
  expect(await listing.locator(".wrong-range").allTextContents()).toEqual([
    "PageDoubleMap(head)",
  ]);
  const sentence = listing.getByText("PageDoubleMap() can be preempted");
  expect(await lineAbove(sentence)).toContain("const both = PageDoubleMap(head);");
  // Said once, also when the run says it.
  await page.keyboard.press("Shift+Enter");
  await page.waitForTimeout(500);
  expect(await listing.locator(".under-line").count()).toBe(1);
  await write(listing, before);
  expect(await listing.locator(".wrong-range").count()).toBe(0);
  trouble = trouble.filter((text) => !text.includes("net::ERR_FAILED"));
});

it("a cell sees what another cell gives, and is told when that has changed", async () => {
  const giving = await open("[data-cell=cpus]", "00-start-here");
  const id = await page
    .locator("[data-cell]", {hasText: "all.outcomes.join"})
    .getAttribute("data-cell");
  const taking = page.locator(`[data-cell="${id}"]`);
  await taking.click();
  await taking.locator(".cm-content").waitFor();
  const before = await textOf(taking);
  await write(taking, `${before}\ncpus.toFixed();`);
  await write(giving, 'const cpus = "two";');
  // Nobody has touched this text since: what it is told comes from the other.
  await taking.getByText("string has no toFixed").waitFor();
  await write(giving, "const cpus = 2;");
  await taking.getByText("string has no toFixed").waitFor({state: "detached"});
  await write(taking, before.replace("all.outcomes.join", "all.outcome.join"));
  await taking.getByText("did you mean outcomes?").waitFor();
});

it("a pause over a name says what it is; so does F2", async () => {
  const listing = await open("[data-kernel=__page_mapcount]");
  const before = await textOf(listing);
  await write(listing, `${before}\n`);
  await listing.locator(".cm-line", {hasText: "compound_head(page)"}).click();
  await page.keyboard.press("End");
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("F2");
  const card = listing.locator(".type-card");
  await card.getByText("function* compound_head(page: Page): Op<Page>").waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor({state: "detached"});
  // Escape has closed the card and not left the editor.
  expect(await page.evaluate(() => document.activeElement?.className)).toContain("cm-content");

  const call = await listing
    .locator(".cm-line", {hasText: "compound_head(page)"})
    .evaluate((line) => {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const at = walker.currentNode.textContent!.indexOf("compound_head");
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, at + 2);
        range.setEnd(walker.currentNode, at + 3);
        const {x, y, height} = range.getBoundingClientRect();
        return {x: x + 2, y: y + height / 2};
      }
      throw new Error("the call is not there");
    });
  await page.mouse.move(call.x - 40, call.y);
  await page.mouse.move(call.x, call.y, {steps: 4});
  await card.getByText("compound_head(page: Page)").waitFor();
});

it.each(["light", "dark"] as const)(
  "Ctrl-Space lists names, F8 goes to the next problem, and axe finds nothing in either (%s)",
  async (colorScheme) => {
    await page.emulateMedia({colorScheme});
    const listing = await open("[data-kernel=__page_mapcount]");
    const before = await textOf(listing);
    await write(listing, before.replace("PageAnon(page)", "PageAnom(page)"));
    await listing.getByText("did you mean PageAnon?").waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F8");
    await page.keyboard.press("End");
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+ ");
    const list = listing.getByRole("listbox");
    await list.getByText("PageAnon", {exact: true}).first().waitFor();
    expect(await axe()).toEqual([]);
    await page.keyboard.press("Escape");
    await list.waitFor({state: "detached"});
    expect(await page.evaluate(() => document.activeElement?.className)).toContain(
      "cm-content",
    );
    await page.keyboard.press("F2");
    await page.waitForTimeout(500);
    expect(await axe()).toEqual([]);
  },
);

async function axe(): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(path, "utf8"));
  return page.evaluate(async () => {
    const {run} = (
      globalThis as unknown as {
        axe: {run: () => Promise<{violations: {id: string; nodes: {html: string}[]}[]}>};
      }
    ).axe;
    const {violations} = await run();
    return violations.map(({id, nodes}) => `${id}: ${nodes[0]!.html}`);
  });
}

it("without a network the type checker is there, once the book was visited", async () => {
  await page.goto(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open("later")).keys()).length), {
      timeout: 30_000,
    })
    .toBe(1);
  await page.context().setOffline(true);
  const listing = await open("[data-kernel=__page_mapcount]");
  const before = await textOf(listing);
  await write(listing, before.replace("PageDoubleMap(head)", "PageDoubleMap(pmds)"));
  await listing.getByText("this argument is a number, and a Page is wanted").waitFor();
});
