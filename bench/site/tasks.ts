// Whether the page stays free while schedules are explored: of the book's races, in workers, and of a reader's own, on its own thread.

import type {Page} from "playwright-core";
import {countingRace} from "../../test/browser/counting-race.ts";
import {repeat, withPage} from "./browser.ts";
import type {Figure} from "./figure.ts";
import {ARRIVAL, firstCell, openEditor} from "./speed.ts";

const EXPLORATION = 120_000;

export async function* tasks(site: string, url: string): AsyncGenerator<Figure> {
  yield await figure("longest task while exploring", () => longest(site, url, exploreTheBooks));
  yield await figure("longest task, a race of one's own", () => longest(site, url, exploreOwn));
}

async function figure(what: string, run: () => Promise<number | null>): Promise<Figure> {
  return {what, values: await repeat(run), limit: {most: 50}, unit: "ms"};
}

/** Tasks of less than 50 ms are not told of by the browser: 0 stands for all of them. Null if the page has nothing to explore. */
function longest(
  site: string,
  url: string,
  explore: (page: Page) => Promise<boolean>,
): Promise<number | null> {
  return withPage(site, {}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    if (!(await explore(page))) return null;
    return await page.evaluate(() => Math.max(0, ...(globalThis as {long?: number[]}).long!));
  });
}

async function exploreTheBooks(page: Page): Promise<boolean> {
  const found = page.getByRole("button", {name: /Find me the schedule|Does it hold/}).first();
  if ((await found.count()) === 0) return false;
  // Looking for it by its role takes the page itself half a dozen frames.
  const button = (await found.elementHandle())!;
  await page.evaluate(watchTasks);
  await button.click();
  await page.locator(".verdict").first().waitFor({timeout: EXPLORATION});
  return true;
}

/** The cell is run from the editor; what counts begins with its exploration. */
async function exploreOwn(page: Page): Promise<boolean> {
  const cell = await firstCell(page);
  if (cell === null) return false;
  await openEditor(page, cell);
  // Nobody writes a race sooner.
  await page.waitForTimeout(ARRIVAL);
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(`${countingRace(3, 3)}
await kernel.explore(race);
display("explored");`);
  await page.keyboard.press("Shift+Enter");
  const output = page.locator(`[data-output="${cell}"]`);
  await page.waitForFunction(
    (id) => document.querySelector<HTMLElement>(`[data-output="${id}"]`)?.dataset["progress"],
    cell,
  );
  await page.evaluate(watchTasks);
  await output.getByText("explored").waitFor({timeout: EXPLORATION});
  return true;
}

function watchTasks(): void {
  const long: number[] = [];
  Object.assign(globalThis, {long});
  new PerformanceObserver((list) => {
    for (const {duration} of list.getEntries()) long.push(Math.round(duration));
  }).observe({type: "longtask"});
}
