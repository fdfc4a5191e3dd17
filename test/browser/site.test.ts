import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type Locator, type Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from "vitest";
import {buildSite} from "../../bin/build.ts";
import {serve, type Serving} from "../../bin/serve.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

const folder = mkdtempSync(join(tmpdir(), "tailpage-site-"));
let site: Serving;
let browser: Browser;
let page: Page;
/** What a reader must never see: errors on the console, and requests to anybody else. */
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
  page.on(
    "console",
    (m) => void (m.type() === "error" && trouble.push(`console: ${m.text()}`)),
  );
  page.on("pageerror", (error) => void trouble.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url)) trouble.push(`request to ${request.url()}`);
  });
});

afterEach(async () => {
  await page.close();
  expect(trouble).toEqual([]);
});

/** Chapter 11, after its button was pressed and the verdict has come. */
async function openTheThread(): Promise<void> {
  await page.goto(`${site.url}11-the-thread.html`);
  await page.getByRole("button", {name: "Find me the schedule"}).click();
  await verdict().getByText("Found.").waitFor();
}

/** The verdict that the button asks for: the first in the chapter. */
function verdict(): Locator {
  return page.locator(".verdict").first();
}

/** Puts `text` into a listing in the place of what is there, and runs it. */
async function edit(listing: Locator, change: (text: string) => string): Promise<void> {
  await listing.locator("pre, .cm-content").first().click();
  const content = listing.locator(".cm-content");
  await content.waitFor();
  const before = await listing.locator(".cm-line").allTextContents();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(change(before.join("\n")));
  await page.keyboard.press("Shift+Enter");
}

function kernelListing(name: string): Locator {
  return page.locator(`[data-listing="kernel/${name}"], [data-kernel="${name}"]`).first();
}

it("a reader presses the button and is shown the schedule that crashes smaps", async () => {
  await openTheThread();
  const figure = page.locator("figure.timeline").first();
  await figure.waitFor();
  await figure.getByRole("button", {name: /finding/}).click();
  await expect.poll(() => figure.textContent()).toContain("VM_BUG_ON_PAGE(!PageHead(page))");
});

it("the timeline goes back and forward, by button and by key", async () => {
  await openTheThread();
  const figure = page.locator("figure.timeline").first();
  const step = () =>
    figure.evaluate((element) => (element as HTMLElement & {value: number}).value);
  await figure.waitFor();
  const start = await step();
  await figure
    .getByRole("button", {name: /^back|step back/i})
    .first()
    .click();
  expect(await step()).toBe(start - 1);
  await page.keyboard.press("ArrowRight");
  await expect.poll(step).toBe(start);
});

it("a reader edits the kernel, and the verdict changes; v5.13 brings it back", async () => {
  await openTheThread();
  await edit(kernelListing("smaps_pte_entry"), (text) =>
    text
      .replace("const page = yield* migration_entry_to_page(pte);", "")
      .replace("yield* smaps_account(mss, page, false, false, false);", ""),
  );
  await verdict().getByText("Holds.").waitFor();
  await page.getByText("1 function changed").waitFor();
  await page.getByText("1 function changed").click();
  await page.getByRole("button", {name: "Back to v5.13"}).click();
  await verdict().getByText("Found.").waitFor();
});

it("a forgotten yield* is an error under its line, and names the function", async () => {
  await openTheThread();
  const listing = kernelListing("__page_mapcount");
  await edit(listing, (text) => text.replace("yield* PageDoubleMap", "PageDoubleMap"));
  await page.getByText("PageDoubleMap() can be preempted").first().waitFor();
});

it("an edit is kept when the page is loaded again", async () => {
  await page.goto(`${site.url}00-start-here.html`);
  const cell = page.locator('[data-cell="cpus"]').first();
  await edit(cell, (text) => text.replace("2", "3"));
  await page.getByText("With 3 processors").waitFor();
  await page.reload();
  await page.getByText("With 3 processors").waitFor();
});

it("an edit shows how it differs, goes into a file, and comes out of it in another browser", async () => {
  await page.goto(`${site.url}00-start-here.html`);
  const cell = page.locator('[data-cell="cpus"]').first();
  await edit(cell, (text) => text.replace("2", "3"));
  await page.getByRole("button", {name: "Difference"}).first().click();
  await expect.poll(() => page.locator(".difference ins").first().textContent()).toContain("3");

  await page.locator("#yours summary").click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: "Export"}).click(),
  ]);
  const kept = await file.path();

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(`${site.url}00-start-here.html`);
  await other.locator("input[type=file]").setInputFiles(kept);
  await other.getByText("With 3 processors").waitFor();
  await elsewhere.close();
});

it("an edit of an older edition says that the book has changed there", async () => {
  await page.goto(`${site.url}00-start-here.html`);
  await page.evaluate(() => {
    const old = {text: "const cpus = 3;", original: "const cpus = 1;"};
    localStorage.setItem("tailpage:edit:00-start-here:cpus", JSON.stringify(old));
  });
  await page.reload();
  await page.getByText("the book has changed here since").waitFor();
  await page.getByText("With 3 processors").waitFor();
});

it("while (true) {} in a cell is stopped, names its line, and the page goes on", async () => {
  await page.goto(`${site.url}00-start-here.html`);
  const cell = page.locator('[data-cell="cpus"]').first();
  await edit(cell, () => "const cpus = 2;\nwhile (true) {}");
  await page
    .getByText(/this loop ran .* \(line 2\)/)
    .first()
    .waitFor();
  await edit(cell, () => "const cpus = 4;");
  await page.getByText("With 4 processors").waitFor();
});
