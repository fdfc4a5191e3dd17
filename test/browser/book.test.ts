// What is around the text: search, words that are explained, help, progress, theme, paper. All of it by keyboard, and served
// from a folder deep below the server's root, as a static host may do.

import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {buildSite} from "../../bin/build.ts";
import {serve, type Serving} from "../../bin/serve.ts";
import {noteOutput, whenOutput} from "../../bench/site/speed.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const PATH = "some/deep/path";
const folder = mkdtempSync(join(tmpdir(), "tailpage-book-"));
let site: Serving;
let browser: Browser;
let page: Page;
let url: string;
/** What a reader must never see: errors, and requests to anybody or anything outside the book. */
let trouble: string[];

beforeAll(async () => {
  const executablePath = findBrowser();
  await buildSite(join(folder, PATH));
  site = await serve(folder, 0);
  url = `${site.url}${PATH}/`;
  browser = await chromium.launch({executablePath, args: BROWSER_ARGUMENTS});
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, {recursive: true, force: true});
});

beforeEach(async () => {
  trouble = [];
  page = await newPage();
});

afterEach(async () => {
  await page.context().close();
  expect(trouble).toEqual([]);
});

async function newPage(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const made = await (await browser.newContext(options)).newPage();
  made.on("console", (m) => void (m.type() === "error" && trouble.push(m.text())));
  made.on("pageerror", (error) => void trouble.push(error.message));
  made.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url))
      trouble.push(`request to ${request.url()}`);
  });
  return made;
}

const focused = (): Promise<string> =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || "");

/** What axe has to say against the page as it stands. */
async function axe(on: Page): Promise<string[]> {
  await on.evaluate(AXE);
  return await on.evaluate(async () => {
    type Axe = {run(): Promise<{violations: {id: string; nodes: {html: string}[]}[]}>};
    const {violations} = await (window as unknown as {axe: Axe}).axe.run();
    return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" ")}`);
  });
}

describe("a page", () => {
  it("begins with what stands first on it, in the first of the tasks that its cells are given", async () => {
    await page.addInitScript(noteOutput);
    await page.addInitScript(noteTasks);
    // Its first sentence with a value stands above the cell that gives it; most of its other sentences with values are further down.
    await page.goto(`${url}08-splitting-a-huge-page.html`);
    const first = page.locator("[data-output]").first();
    await expect.poll(() => first.textContent()).toBe("4");
    const shown = (await page.evaluate(whenOutput))!;
    const tasks = await page.evaluate(() =>
      performance.getEntriesByName("task").map(({startTime}) => startTime),
    );
    expect(tasks.length).toBeGreaterThan(0);
    // None where a frame was there before the message.
    expect(tasks.filter((begun) => begun <= shown).length).toBeLessThanOrEqual(1);
  });
});

/** Cells get their tasks as messages. */
function noteTasks(): void {
  const {set} = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage")!;
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    set(this: MessagePort, heard: (event: MessageEvent) => void) {
      set!.call(this, (event: MessageEvent) => {
        performance.mark("task");
        heard.call(this, event);
      });
    },
  });
}

describe("search", () => {
  it("opens with /, finds a kernel name by its part, is walked by arrows, and goes there", async () => {
    await page.goto(`${url}00-start-here.html`);
    await page.keyboard.press("/");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.type("pte_entry");
    await page.locator(".results a").first().waitFor();
    await expect
      .poll(() => page.locator(".results mark").first().textContent())
      .toMatch(/pte_entry/);

    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toContain("smaps_pte_entry");
    await page.keyboard.press("Enter");
    await page.waitForURL(/11-the-thread\.html#kernel-smaps_pte_entry$/);
  });

  it("Escape closes it at once and gives the focus back", async () => {
    await page.goto(url);
    await page.locator("#search").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.type("frozen");
    await page.locator(".results a").first().waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    expect(await focused()).toBe("search");
  });

  it("says so when nothing is found, and when there is no index", async () => {
    await page.goto(url);
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("zzzzzz");
    await page.getByText("Nothing was found").waitFor();
    await page.reload();
    await page.route("**/search.json", (route) => route.fulfill({status: 404}));
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("frozen");
    await page.getByText("could not be loaded").waitFor();
    trouble = trouble.filter((text) => !text.includes("404"));
  });

  it("works on a phone, by touch", async () => {
    const phone = await newPage({viewport: {width: 390, height: 844}, hasTouch: true});
    await phone.goto(`${url}00-start-here.html`);
    await phone.getByRole("button", {name: "Search"}).tap();
    await phone.getByRole("searchbox").fill("frozen");
    await phone.locator(".results a").first().tap();
    await phone.waitForURL(/#frozen$/);
    const width = await phone.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await phone.context().close();
  });
});

describe("words that are explained", () => {
  const word = () => page.getByRole("button", {name: "page table", exact: true}).first();
  const card = () => page.locator("#term-page-table");

  it("say what they mean on the focus of the keyboard, until Escape", async () => {
    await page.goto(`${url}11-the-thread.html`);
    // A keyboard's focus, not a script's.
    await page.getByRole("button", {name: "/proc/PID/smaps"}).focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("page table");
    await card().waitFor();
    await page.keyboard.press("Escape");
    await card().waitFor({state: "hidden"});
    expect(await focused()).toBe("page table");
  });

  it("under the pointer, and go when it leaves; but not while it is on the card", async () => {
    await page.goto(`${url}11-the-thread.html`);
    await word().hover();
    await card().waitFor();
    await card().hover();
    await page.waitForTimeout(600);
    expect(await card().isVisible()).toBe(true);
    await page.mouse.move(5, 400);
    await card().waitFor({state: "hidden"});
  });

  it.each([
    ["the keyboard", () => word().press("Shift")],
    ["the pointer", () => word().hover()],
  ])("also where %s was at a word before the script had come", async (_, go) => {
    let hasCome = (): void => {};
    const arrived = new Promise<void>((come) => (hasCome = come));
    await page.route("**/around-*.js", async (route) => {
      await arrived;
      await route.continue();
    });
    await page.goto(`${url}11-the-thread.html`, {waitUntil: "commit"});
    await go();
    expect(await card().isVisible()).toBe(false);
    hasCome();
    await card().waitFor();
  });

  it("by a press, also without a script; and a press elsewhere closes", async () => {
    const plain = await newPage({javaScriptEnabled: false});
    await plain.goto(`${url}11-the-thread.html`);
    await plain.getByRole("button", {name: "page table", exact: true}).first().click();
    await plain.locator("#term-page-table").getByText("In the glossary").waitFor();
    await plain.locator("h1").click();
    await plain.locator("#term-page-table").waitFor({state: "hidden"});
    await plain.context().close();
  });
});

describe("help and keys", () => {
  it("? lists the keys, Escape closes it; j and k turn pages", async () => {
    await page.goto(`${url}11-the-thread.html`);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("search the book").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    expect(page.url()).toContain("11-the-thread");
    await page.keyboard.press("j");
    await page.waitForURL(/12-the-fixes/);
    await page.keyboard.press("k");
    await page.waitForURL(/11-the-thread/);
  });

  it("Escape folds the header's menus in again, and the focus is back at their words", async () => {
    await page.goto(`${url}11-the-thread.html`);
    for (const place of ["#theme", "#yours"]) {
      await page.locator(`${place} summary`).click();
      await page.locator(`${place} .sheet :is(button, input)`).first().focus();
      await page.keyboard.press("Escape");
      expect(await page.locator(`${place} details[open]`).count()).toBe(0);
      expect(await page.locator(`${place} summary:focus`).count()).toBe(1);
    }
  });

  it("a key that is typed into an editor is the editor's", async () => {
    await page.goto(`${url}00-start-here.html`);
    await page.locator('[data-cell="cpus"]').first().click();
    await page.locator(".cm-content").first().waitFor();
    await page.keyboard.type("?/jk");
    await page.waitForTimeout(300);
    expect(await page.locator("dialog[open]").count()).toBe(0);
    expect(page.url()).toContain("00-start-here");
    expect(await page.locator(".cm-content").first().textContent()).toContain("?/jk");
  });

  it("single keys can be turned off, and stay so", async () => {
    await page.goto(`${url}11-the-thread.html`);
    await page.getByRole("button", {name: "Keys"}).click();
    await page.getByRole("checkbox").uncheck();
    await page.reload();
    await page.keyboard.press("/");
    await page.keyboard.press("j");
    await page.waitForTimeout(300);
    expect(await page.locator("dialog[open]").count()).toBe(0);
    expect(page.url()).toContain("11-the-thread");
  });
});

it("a chapter that was read to its end is called read, in words, until the reader has it forgotten", async () => {
  await page.goto(`${url}11-the-thread.html`);
  const link = page.locator('#order a[data-chapter="11-the-thread"]');
  expect(await link.textContent()).toBe("11 The thread");
  await page.locator(".neighbours").scrollIntoViewIfNeeded();
  await expect.poll(() => link.textContent()).toBe("11 The thread ✓, read");
  await page.goto(`${url}00-start-here.html`);
  await expect.poll(() => link.textContent()).toBe("11 The thread ✓, read");
  await page.getByRole("button", {name: "forget"}).press("Enter");
  expect(await link.textContent()).toBe("11 The thread");
  expect(await focused()).toContain("Start here");
});

it("the theme is the system's, or light, or dark, or the system's again", async () => {
  await page.goto(url);
  const scheme = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.locator("#theme summary").press("Enter");
  await page.getByRole("radio", {name: "dark"}).check();
  expect(await scheme()).toBe("dark");
  await page.reload();
  expect(await scheme()).toBe("dark");
  await page.locator("#theme summary").click();
  await page.getByRole("radio", {name: "as the system has it"}).check();
  expect(await scheme()).toBe("light dark");
  await page.keyboard.press("Escape");
  expect(await page.locator("#theme details[open]").count()).toBe(0);
});

it("on paper notes stand below their paragraphs and timelines are sentences; then all goes back", async () => {
  await page.goto(`${url}00-start-here.html`);
  await page.getByRole("button", {name: "Find me the schedule"}).click();
  await page.locator("figure.timeline").first().waitFor();
  const notes = () => page.locator("main p .note").count();
  const inside = await notes();
  expect(inside).toBeGreaterThan(0);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({media: "print"});
  expect(await notes()).toBe(0);
  expect(await page.locator(".timeline-list li").first().isVisible()).toBe(true);
  expect(await page.locator(".timeline-lanes").first().isVisible()).toBe(false);
  expect(await page.locator(".top").isVisible()).toBe(false);
  await page.emulateMedia({media: "screen"});
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  expect(await notes()).toBe(inside);
  expect(await page.locator(".timeline-list[open]").count()).toBe(0);
});

describe.each(["light", "dark"] as const)(
  "in the %s theme axe finds nothing",
  (colorScheme) => {
    it("on the glossary and on the pages behind the book", async () => {
      const themed = await newPage({colorScheme});
      for (const name of ["D-glossary", "sources", "cite", "browsers", "model-is-wrong"]) {
        await themed.goto(`${url}${name}.html`);
        expect(await axe(themed), name).toEqual([]);
      }
      await themed.context().close();
    });

    it("with the search, the help, a card and the theme's menu open", async () => {
      const themed = await newPage({colorScheme});
      await themed.goto(`${url}11-the-thread.html`);
      await themed.locator("#theme summary").click();
      await themed.getByRole("button", {name: "page table", exact: true}).first().click();
      await themed.locator("#term-page-table").waitFor();
      expect(await axe(themed)).toEqual([]);
      await themed.keyboard.press("Escape");
      await themed.keyboard.press("?");
      await themed.getByRole("dialog").getByText("search the book").waitFor();
      expect(await axe(themed)).toEqual([]);
      await themed.keyboard.press("Escape");
      await themed.keyboard.press("/");
      await themed.getByRole("searchbox").fill("frozen");
      await themed.locator(".results a").first().waitFor();
      expect(await axe(themed)).toEqual([]);
      await themed.context().close();
    });
  },
);
