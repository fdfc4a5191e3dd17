// Links: what they carry arrives, nothing of it runs by itself, and what runs reaches nothing of the reader's.

import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser, BrowserContext, Frame, Page} from "puppeteer-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {Serving} from "../../bin/serve.ts";
import {serveBook} from "./book.ts";
import {edit, press, see} from "./reader.ts";
import {attempts, linkTo, Listener, signals} from "./stranger.ts";
import {BROWSERS, launchOne, newContext} from "./two-browsers.ts";

const OUTPUT = '[data-output="cpus"]';
const RUN = "Run it, shut away";

describe.each(BROWSERS)("in %s, a link", {timeout: 240_000}, (name) => {
  const downloads = mkdtempSync(join(tmpdir(), "tailpage-downloads-"));
  let site: Serving;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

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
    context = await newContext(browser, name, downloads);
    page = await context.newPage();
  });

  afterEach(() => context.close());

  /** The frame in which it runs, once `text` is said there. */
  async function inFrame(text: string): Promise<Frame> {
    const handle = await page.waitForSelector("iframe.guest");
    const frame = (await handle!.contentFrame())!;
    await saidIn(frame, text, "body");
    return frame;
  }

  /** Firefox cannot be made to wait for something in a frame that is nobody's: so it is asked again and again. */
  async function saidIn(frame: Frame, text: string, selector: string): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const says = (css: string) => document.querySelector(css)?.textContent ?? "";
      if ((await frame.evaluate(says, selector)).includes(text)) return;
      await new Promise((soon) => setTimeout(soon, 200));
    }
    throw new Error(`"${text}" was never said in ${selector} of the frame`);
  }

  it("does not run by itself: the page says whose code it is not, and how it differs", async () => {
    await page.goto(
      await linkTo(site.url, {
        cells: [{name: "cpus", text: "const cpus = 3; window.ran = 1;"}],
      }),
    );
    await see(page, "somebody else’s code");
    await see(page, "const cpus = 3; window.ran = 1;", ".difference ins");
    await see(page, "const cpus = 2;", ".difference del");
    expect(await page.evaluate(() => "ran" in window)).toBe(false);
    expect(await page.$("iframe")).toBeNull();
  });

  it("runs in a frame when it is told to: cells, their dependants, and the kernel's verdict", async () => {
    await page.goto(await linkTo(site.url, {cells: [{name: "cpus", text: "const cpus = 3;"}]}));
    await press(page, RUN);
    await inFrame("With 3 processors there are");
  });

  it("with a kernel function: it is explored in the sandbox, and its schedule is shown", async () => {
    const smaps_pte_entry = `export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (!pte_present(pte)) return;
  yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
}`;
    await page.goto(
      await linkTo(site.url, {
        chapter: "11-the-thread",
        kernel: [{name: "smaps_pte_entry", text: smaps_pte_entry}],
      }),
    );
    await press(page, RUN);
    const frame = await inFrame("Find me the schedule");
    await frame.evaluate(() => {
      const buttons = [...document.querySelectorAll<HTMLElement>("button.primary")];
      buttons.find(({textContent}) => textContent === "Find me the schedule")!.click();
    });
    // The chapter's own verdict, on their kernel.
    await saidIn(frame, "Holds.", ".verdict");
  });

  it("that cannot be read says so, and the book is a press away", async () => {
    await page.goto(`${site.url}00-start-here.html#shared=nonsense`);
    await see(page, "this link cannot be read");
    await press(page, "Read the book instead");
    await see(page, "With 2 processors");
  });

  it("reaches nothing: no storage, no other cell, no way out", async () => {
    const listener = new Listener();
    const {http, stun} = await listener.listen();
    await page.goto(`${site.url}00-start-here.html`);
    await edit(page, '[data-cell="cpus"]', () => "const cpus = 4;");
    await see(page, "With 4 processors");
    await page.evaluate(() => (document.cookie = "reader=1"));
    const kept = () => localStorage.getItem("tailpage:edit:00-start-here:cpus");
    const before = await page.evaluate(kept);
    expect(before).toContain("const cpus = 4;");
    await page.goto("about:blank");

    await page.goto(
      await linkTo(site.url, {cells: [{name: "cpus", text: attack(http, stun, site.url)}]}),
    );
    await press(page, RUN);
    const frame = await inFrame("Start here");
    await saidIn(frame, "all was tried", OUTPUT);
    const got = await frame.$eval(OUTPUT, ({textContent}) => textContent);
    expect(JSON.parse(/\{.*\}/.exec(got!)![0])).toEqual({});

    await new Promise((done) => setTimeout(done, 1500));
    expect(listener.heard).toEqual([]);
    expect(page.url()).toContain("00-start-here.html#shared=");
    expect(await page.evaluate(kept)).toBe(before);
    listener.close();
  });

  it.each([
    ["by its address", (http: string) => `w.location.href = "${http}/away?data";`],
    ["by replacing itself", (http: string) => `w.location.replace("${http}/away?data");`],
    [
      "by a refresh",
      (http: string) =>
        `{ const m = document.createElement("meta"); m.httpEquiv = "refresh"; m.content = "0;url=${http}/away"; document.head.append(m); }`,
    ],
  ])("cannot lead its frame away %s", async (_, leave) => {
    const listener = new Listener();
    const {http} = await listener.listen();
    const text = `const cpus = 2; const w = window; display("leaving"); setTimeout(() => { ${leave(http)} }, 2000);`;
    await page.goto(await linkTo(site.url, {cells: [{name: "cpus", text}]}));
    await press(page, RUN);
    await saidIn(await inFrame("Start here"), "leaving", OUTPUT);
    await new Promise((done) => setTimeout(done, 3000));
    expect(listener.heard).toEqual([]);
    listener.close();
  });

  it("is taken over only when the reader says so twice, and is the reader's own from then on", async () => {
    const link = await linkTo(site.url, {cells: [{name: "cpus", text: "const cpus = 3;"}]});
    await page.goto(link);
    await press(page, "Take it over as mine");
    await press(page, "Do not");
    expect(
      await page.evaluate(() => localStorage.getItem("tailpage:edit:00-start-here:cpus")),
    ).toBeNull();
    await page.goto("about:blank");
    await page.goto(link);
    await press(page, "Take it over as mine");
    await press(page, "I have read it");
    await see(page, "With 3 processors");
    expect(page.url()).not.toContain("#shared");
  });
});

/** Tries everything, and shows what it got. */
function attack(http: string, stun: string, site: string): string {
  const tries = Object.entries(attempts(http, stun, site))
    .map(([name, code]) => `${JSON.stringify(name)}: () => ${code}`)
    .join(",\n");
  return `const cpus = 2;
const w = window;
const tries = {${tries}};
const got = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    const silence = new Promise((y) => setTimeout(y, 1500, null));
    const value = await Promise.race([attempt(), silence]);
    if (value !== null && value !== "") got[name] = String(value).slice(0, 80);
  } catch {}
}
${signals(http)
  .map((code) => `try { ${code} } catch {}`)
  .join("\n")}
display(document.createTextNode(JSON.stringify(got) + " all was tried"));`;
}
