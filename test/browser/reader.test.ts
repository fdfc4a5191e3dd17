// What a reader can do with the book, in Chromium and in Firefox.

import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser, BrowserContext, ElementHandle, Page} from "puppeteer-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {Serving} from "../../bin/serve.ts";
import {serveBook} from "./book.ts";
import {edit, press, see, write} from "./reader.ts";
import {BROWSERS, launchOne, newContext} from "./two-browsers.ts";

const CPUS = '[data-cell="cpus"]';
const SMAPS = '[data-kernel="smaps_pte_entry"]';
const TIMELINE = "figure.timeline";

describe.each(BROWSERS)("in %s, a reader", {timeout: 240_000}, (name) => {
  const downloads = mkdtempSync(join(tmpdir(), "tailpage-downloads-"));
  let site: Serving;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What a reader must never see: errors on the console, and requests to anybody else. */
  let trouble: string[];

  beforeAll(async () => {
    site = await serveBook();
    browser = await launchOne(name, downloads);
  }, 150_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    rmSync(downloads, {recursive: true, force: true});
  });

  beforeEach(async () => {
    trouble = [];
    context = await newContext(browser, name, downloads);
    page = await newPage(context);
  });

  afterEach(async () => {
    // What a page that is closed was still loading is no trouble.
    const before = [...trouble];
    await context.close();
    expect(before).toEqual([]);
  });

  async function newPage(where: BrowserContext): Promise<Page> {
    const made = await where.newPage();
    made.on(
      "console",
      (said) => void (said.type() === "error" && trouble.push(`console: ${said.text()}`)),
    );
    made.on("pageerror", (error) => void trouble.push(`page: ${String(error)}`));
    made.on("request", (request) => {
      const isOurs = request.url().startsWith(site.url) || /^(data|blob):/.test(request.url());
      if (!isOurs) trouble.push(`request to ${request.url()}`);
    });
    return made;
  }

  async function open(chapter: string): Promise<void> {
    await page.goto(`${site.url}${chapter}.html`);
    // The last thing that comes by itself. A page that is left earlier complains of what it did not get.
    await page.waitForSelector("#yours:not([hidden])");
  }

  /** Chapter 11, after its button was pressed and its timeline has come. */
  async function findTheSchedule(): Promise<void> {
    await open("11-the-thread");
    await press(page, "Find me the schedule");
    await see(page, "Found.", ".verdict");
    await page.waitForSelector(TIMELINE);
  }

  const step = (): Promise<number> =>
    page.$eval(TIMELINE, (figure) => (figure as HTMLElement & {value: number}).value);

  it("edits a cell and runs it: what depends on it follows; Reset brings the book's back", async () => {
    await open("00-start-here");
    await edit(page, CPUS, () => "const cpus = 3;");
    await see(page, "With 3 processors");
    await press(page, "Reset");
    await see(page, "With 2 processors");
  });

  it("is told of a type error under its line", async () => {
    await open("00-start-here");
    await write(page, CPUS, () => "const cpus: string = 2;");
    // The checker comes when somebody edits, and says something only then.
    await page.waitForSelector(`${CPUS} .cm-editor .problem`, {timeout: 30_000});
    await see(page, "is wanted", `${CPUS} .cm-editor .problem`);
  });

  it("makes two cells depend on each other, and is told by which names", async () => {
    await open("00-start-here");
    await edit(page, CPUS, () => "const cpus = all.counts.states;");
    await see(page, "circular definition: ");
    await edit(page, CPUS, () => "const cpus = 3;");
    await see(page, "With 3 processors");
  });

  it("writes while (true) {}: it is stopped, its line is named, and the page goes on", async () => {
    await open("00-start-here");
    await edit(page, CPUS, () => "const cpus = 2;\nwhile (true) {}");
    await see(page, "this loop ran");
    await see(page, "(line 2)");
    await edit(page, CPUS, () => "const cpus = 4;");
    await see(page, "With 4 processors");
  });

  it("presses the button, is shown the schedule that crashes smaps, and steps through it", async () => {
    await findTheSchedule();
    const start = await step();
    await press(page, "back", TIMELINE);
    expect(await step()).toBe(start - 1);
    await page.keyboard.press("ArrowRight");
    expect(await step()).toBe(start);
    await press(page, "to the finding", TIMELINE);
    await see(page, "VM_BUG_ON_PAGE(!PageHead(page))", TIMELINE);
  });

  it("lets the other CPU go first at a step, and sees another run", async () => {
    await findTheSchedule();
    const schedule = (): Promise<string | undefined> =>
      page.$eval(TIMELINE, (figure) => (figure as HTMLElement).dataset["schedule"]);
    const found = await schedule();
    // Where the timeline stands first, the other CPU waits for a lock.
    await press(page, "back", TIMELINE);
    const other = `${TIMELINE} .timeline-cpus button:not(.as-it-was, [aria-disabled="true"])`;
    await (await page.waitForSelector(other, {visible: true}))!.click();
    await page.waitForSelector(`${TIMELINE}.in-branch`, {timeout: 30_000});
    expect(await schedule()).not.toBe(found);
    await press(page, "Back to the run", TIMELINE);
    expect(await schedule()).toBe(found);
  });

  it("mends the kernel, and the verdict changes; v5.13 brings it back", async () => {
    await findTheSchedule();
    await edit(page, SMAPS, (text) =>
      text
        .replace("const page = yield* migration_entry_to_page(pte);", "")
        .replace("yield* smaps_account(mss, page, false, false, false);", ""),
    );
    await see(page, "Holds.", ".verdict");
    await see(page, "1 function changed");
    await press(page, "v5.13 + 1");
    await press(page, "Back to v5.13");
    await see(page, "Found.", ".verdict");
  });

  it("forgets a yield*, and is told under its line which function can be preempted", async () => {
    await findTheSchedule();
    const listing = '[data-kernel="__page_mapcount"]';
    await edit(page, listing, (text) => text.replace("yield* PageDoubleMap", "PageDoubleMap"));
    await see(page, "PageDoubleMap() can be preempted", `${listing} .problem`);
  });

  it("finds an edit again when the page is loaded again, also without a network", async () => {
    const own = await serveBook();
    await page.goto(`${own.url}00-start-here.html`);
    await edit(page, CPUS, () => "const cpus = 3;");
    await see(page, "With 3 processors");
    await page.reload();
    await see(page, "With 3 processors");
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });

    await own.close();
    await page.reload();
    await see(page, "With 3 processors");
    await press(page, "Find me the schedule");
    await see(page, "Found.", ".verdict");
    // The page is another server's than the one that is watched.
    trouble = trouble.filter((each) => !each.includes(own.url));
  });

  it("finds an edit of an older edition, and is told that the book has changed there", async () => {
    await open("00-start-here");
    await page.evaluate(() => {
      const old = {text: "const cpus = 3;", original: "const cpus = 1;"};
      localStorage.setItem("tailpage:edit:00-start-here:cpus", JSON.stringify(old));
    });
    await page.reload();
    await see(page, "the book has changed here since");
    await see(page, "With 3 processors");
  });

  it("sees how an edit differs, exports it, and imports it in another browser", async () => {
    await open("00-start-here");
    await edit(page, CPUS, () => "const cpus = 3;");
    await press(page, "Difference");
    await see(page, "3", ".difference ins");

    await press(page, "Yours");
    await press(page, "Export");
    const file = "tailpage-edits.json";
    await expect.poll(() => readdirSync(downloads), {timeout: 30_000}).toEqual([file]);

    const elsewhere = await browser.createBrowserContext();
    const other = await newPage(elsewhere);
    await other.goto(`${site.url}00-start-here.html`);
    await press(other, "Yours");
    const input = await other.waitForSelector("input[type=file]");
    await (input as ElementHandle<HTMLInputElement>).uploadFile(join(downloads, file));
    await see(other, "const cpus = 3;", "#import-dialog ins");
    await press(other, "Take it over", "#import-dialog");
    await see(other, "With 3 processors");
    await elsewhere.close();
  });

  it("reads the book dark, and it stays so", async () => {
    await open("00-start-here");
    const paper = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    /** As a reader does: by the menu, which a page that was just loaded shows a moment later. */
    const choose = async (theme: string): Promise<void> => {
      await press(page, "Light or dark");
      const radio = await page.waitForSelector(`#theme [value=${theme}]`, {visible: true});
      await radio!.click();
    };
    await choose("dark");
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await paper()).toBe(dark);
    await choose("light");
    expect(await paper()).toBe(light);
  });

  it("shares what was found by a link", async () => {
    await open("00-start-here");
    await edit(page, CPUS, () => "const cpus = 3;");
    await see(page, "With 3 processors");
    await press(page, "Share", "header");
    const link = await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[aria-label="link"]')?.value,
    );
    const elsewhere = await browser.createBrowserContext();
    const other = await newPage(elsewhere);
    await other.goto((await link.jsonValue()) as string);
    await see(other, "const cpus = 3;", ".arrival ins");
    await press(other, "Run it, shut away");
    const frame = await (await other.waitForSelector("iframe.guest"))!.contentFrame();
    const text = () => frame!.evaluate(() => document.body.textContent);
    await expect.poll(text, {timeout: 60_000}).toContain("With 3 processors");
    await elsewhere.close();
  });

  it("comes from the first cell to a finding by the keyboard alone, and always sees where the focus is", async () => {
    await open("00-start-here");
    await tabTo("[data-cell]");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".cm-focused");
    await page.keyboard.press("Escape");
    expect(await focused("[data-cell]")).toBe(true);

    await open("00-start-here");
    await tabTo("[data-output] button");
    await page.keyboard.press("Enter");
    await see(page, "Found.", ".verdict");
    await page.waitForSelector(TIMELINE);
    await tabTo(`${TIMELINE} button`);
    // The run goes as far as to a question.
    await page.keyboard.press("End");
    await tabTo(`${TIMELINE} .skip-question`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Home");
    const start = await step();
    await page.keyboard.press("f");
    expect(await step()).not.toBe(start);
    await see(page, "Found:", `${TIMELINE} [role=status]`);
  });

  /** Presses Tab until the focus is on what `selector` names; wherever it is in between can be seen. */
  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 200; presses++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(unseenFocus)).toBe("");
      if (await focused(selector)) return;
    }
    throw new Error(`Tab does not come to ${selector}`);
  }

  function focused(selector: string): Promise<boolean> {
    return page.evaluate((css) => document.activeElement!.matches(css), selector);
  }
});

/** The element with the focus, if nothing shows that it has it. */
function unseenFocus(): string {
  const at = document.activeElement!;
  if (at === document.body) return "";
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(at);
  const isSeen = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  return isSeen ? "" : at.outerHTML.slice(0, 100);
}
