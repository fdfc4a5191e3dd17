// How long a reader waits: for the first output, for the editor, for what depends on an edit, and for a mistake to be named.

import type {Page} from "playwright-core";
import type {PageData} from "../../src/book/page.ts";
import {openAtRest, repeat, withPage, type Speed} from "./browser.ts";
import type {Figure} from "./figure.ts";

const SPEEDS = [
  {speed: "fast", named: ""},
  {speed: "slow", named: ", slow"},
] as const;

/** Since the navigation began, until a live cell has text in the page. */
export async function* firstOutput(site: string, url: string): AsyncGenerator<Figure> {
  const limits = {fast: 250, slow: 900};
  const shows = await withPage(site, {before: noteOutput}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    return await page.evaluate(whenOutput);
  });
  for (const {speed, named} of SPEEDS) {
    const run = (): Promise<number> =>
      withPage(site, {speed, before: noteOutput}, async (page) => {
        await page.goto(url, {waitUntil: "load"});
        return (await page.waitForFunction(whenOutput)).jsonValue() as Promise<number>;
      });
    yield {
      what: `first live output${named}`,
      values: shows === null ? null : await repeat(run),
      limit: {most: limits[speed]},
      unit: "ms",
    };
  }
}

/**
 * The page is watched from within: asking it from outside would keep it busy while it starts. And from when it is parsed: nothing can show
 * anything before, and to be told of each of the thousands of elements of a long page would be measured with it.
 */
export function noteOutput(): void {
  const watch = new MutationObserver(() => {
    const slots = [...document.querySelectorAll("[data-output]")];
    if (slots.every(({textContent}) => textContent === "")) return;
    performance.mark("check: output");
    watch.disconnect();
  });
  const begin = (): void =>
    watch.observe(document, {childList: true, subtree: true, characterData: true});
  document.addEventListener("readystatechange", begin, {once: true});
}

/** In milliseconds, in a page that has noted it; null: there is none yet. */
export function whenOutput(): number | null {
  return performance.getEntriesByName("check: output")[0]?.startTime ?? null;
}

const LISTINGS = "[data-kernel][aria-label], [data-cell][aria-label]";

/** From a click on the first listing to an editor in its place, in a page that has come to rest. */
export async function* editorOpen(site: string, url: string): AsyncGenerator<Figure> {
  const limits = {fast: 250, slow: 1500};
  const open = (speed: Speed): Promise<number | null> =>
    withPage(site, {speed}, async (page) => {
      await openAtRest(page, url);
      return await page.evaluate(clickToEditor, LISTINGS);
    });
  for (const {speed, named} of SPEEDS)
    yield {
      what: `editor open${named}`,
      values: await repeat(() => open(speed)),
      limit: {most: limits[speed]},
      unit: "ms",
    };
}

function clickToEditor(listings: string): Promise<number> | null {
  const listing = document.querySelector<HTMLElement>(listings);
  if (!listing) return null;
  listing.scrollIntoView();
  return new Promise((resolve) => {
    const begun = performance.now();
    const look = (): void => {
      if (listing.querySelector(".cm-content")) resolve(performance.now() - begun);
      else requestAnimationFrame(look);
    };
    listing.click();
    look();
  });
}

/** From Shift-Enter, which is not held back, to the new output of all that depends on the cell, explores nothing, and is there to be seen. */
export async function* dependants(site: string, url: string): AsyncGenerator<Figure> {
  const run = (): Promise<number | null> =>
    withPage(site, {}, async (page) => {
      await page.goto(url, {waitUntil: "networkidle"});
      const pair = editedAndShown(await dataOf(page), await editable(page));
      if (!pair) return null;
      await openEditor(page, pair.cell);
      await page.keyboard.insertText(" ");
      const slots = await shown(page, pair.slots);
      if (slots.length === 0) return null;
      await page.evaluate(noteDependants, slots);
      await page.keyboard.press("Shift+Enter");
      const ms = await page.waitForFunction(
        () => (globalThis as {dependants?: number}).dependants ?? null,
      );
      return await ms.jsonValue();
    });
  yield {
    what: "edit to dependants",
    values: await repeat(run),
    limit: {most: 50},
    unit: "ms",
    absent: "no cell to edit on which something depends that explores nothing",
  };
}

/** What comes into sight with the editor has so long to show itself for the first time, in milliseconds. What is further away waits for its reader. */
export const ARRIVAL = 3_000;

async function shown(page: Page, slots: readonly string[]): Promise<string[]> {
  await page.waitForTimeout(ARRIVAL);
  return await page.evaluate(
    (all) =>
      all.filter((slot) => {
        const output = document.querySelector<HTMLElement>(
          `[data-output="${CSS.escape(slot)}"]`,
        );
        return output && !output.classList.contains("pending");
      }),
    slots,
  );
}

async function dataOf(page: Page): Promise<PageData> {
  const [text = "{}"] = await page.locator("#chapter-data").allTextContents();
  const data = JSON.parse(text) as Partial<PageData>;
  return {chapter: "", edition: "", cells: [], listings: [], ...data};
}

/** The first cell with a frame that others depend on without a search, and where those show themselves. */
function editedAndShown(
  {cells}: PageData,
  withFrame: readonly string[],
): {cell: string; slots: string[]} | null {
  for (const edited of cells.filter((cell) => withFrame.includes(cell.id))) {
    const {id, outputs} = edited;
    const slots = cells.filter(
      (cell) =>
        cell.inputs.some((name) => outputs.includes(name)) &&
        !cell.inputs.includes("kernel") &&
        !takesFrom(cell, cells, ({source}) => source.includes(".explore(")),
    );
    const quiet = slots.filter(({outputs: given}) => given.length === 0);
    if (quiet.length > 0 && !takesFrom(edited, cells, ({inputs}) => inputs.includes("kernel")))
      return {cell: id, slots: quiet.map((each) => each.id)};
  }
  return null;
}

type Cell = PageData["cells"][number];

/** Whether the cell itself is one of those, or one that it takes something from. */
function takesFrom(
  cell: Cell,
  cells: readonly Cell[],
  isOne: (cell: Cell) => boolean,
  seen = new Set<Cell>(),
): boolean {
  if (seen.has(cell)) return false;
  seen.add(cell);
  if (isOne(cell)) return true;
  const givers = cells.filter(({outputs}) =>
    outputs.some((name) => cell.inputs.includes(name)),
  );
  return givers.some((giver) => takesFrom(giver, cells, isOne, seen));
}

function noteDependants(slots: readonly string[]): void {
  const waiting = new Set(slots);
  let begun = 0;
  addEventListener(
    "keydown",
    ({timeStamp, key, shiftKey}) => {
      if (key === "Enter" && shiftKey) begun = timeStamp;
    },
    {capture: true},
  );
  for (const slot of slots) {
    const place = document.querySelector(`[data-output="${CSS.escape(slot)}"]`)!;
    new MutationObserver((changes) => {
      if (begun === 0 || !changes.some(({addedNodes}) => addedNodes.length > 0)) return;
      waiting.delete(slot);
      if (waiting.size === 0)
        (globalThis as {dependants?: number}).dependants ??= performance.now() - begun;
    }).observe(place, {childList: true});
  }
}

/** At the end of its text. */
export async function openEditor(page: Page, cell: string): Promise<void> {
  const listing = page.locator(`[data-cell="${cell}"]`).first();
  await listing.focus();
  await page.keyboard.press("Enter");
  await listing.locator(".cm-focused").waitFor();
  await page.keyboard.press("Control+End");
}

/** More than this and a reader has long run the cell. */
const CHECKER_PATIENCE = 10_000;

/** From the first key on a page where nothing was edited yet to the sentence under its line. */
export async function* typeErrors(site: string, url: string): AsyncGenerator<Figure> {
  const run = (): Promise<number | null> =>
    withPage(site, {}, async (page) => {
      await page.goto(url, {waitUntil: "networkidle"});
      const cell = await firstCell(page);
      if (cell === null) return null;
      await openEditor(page, cell);
      await page.evaluate(noteTypeError);
      await page.keyboard.insertText("\nconst mistaken: string = 2;");
      const ms = await page
        .waitForFunction(() => (globalThis as {mistaken?: number}).mistaken ?? null, null, {
          timeout: CHECKER_PATIENCE,
          // The page notes the time itself. Who asks with each frame has it draw frames, and takes the checker's processor.
          polling: 100,
        })
        .catch(() => null);
      return ms ? ((await ms.jsonValue()) as number) : Infinity;
    });
  yield {
    what: "first type error",
    values: await repeat(run),
    limit: {most: 1000},
    unit: "ms",
    absent: "no cell to edit",
  };
}

/** The first cell of the page that can be edited. */
export async function firstCell(page: Page): Promise<string | null> {
  return (await editable(page))[0] ?? null;
}

/** Those that can be edited, when all that are to be can be: the page's requests may be over before. */
async function editable(page: Page): Promise<string[]> {
  await page.locator("[data-cell]:not([aria-label])").first().waitFor({state: "detached"});
  const cells = await page.locator("[data-cell][aria-label]").all();
  return await Promise.all(cells.map(async (cell) => (await cell.getAttribute("data-cell"))!));
}

function noteTypeError(): void {
  let begun = 0;
  addEventListener("input", ({timeStamp}) => (begun ||= timeStamp), {capture: true});
  addEventListener("beforeinput", ({timeStamp}) => (begun ||= timeStamp), {capture: true});
  new MutationObserver(() => {
    if (document.querySelector(".cm-editor .problem"))
      (globalThis as {mistaken?: number}).mistaken ??= performance.now() - begun;
  }).observe(document.body, {childList: true, subtree: true});
}
