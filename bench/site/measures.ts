// What is measured on a page of the built book. Each measure loads the page anew.

import {createRequire} from "node:module";
import {gzipSync} from "node:zlib";
import type {Browser, Page} from "playwright-core";
import {median, withPage, type Speed} from "./browser.ts";

const RUNS = 5;

export type Weight = {
  /** Bytes of JavaScript, compressed, that the page loads before anybody edits anything. */
  readonly page: number;
  /** The same of its workers: the explorer and the kernel, if a cell asks for them. */
  readonly workers: number;
  /** Addresses of others that were asked for something. */
  readonly strangers: readonly string[];
};

export async function weigh(browser: Browser, url: string, site: string): Promise<Weight> {
  return await withPage(browser, {}, async (page) => {
    const scripts = new Map<string, Promise<Buffer>>();
    const strangers: string[] = [];
    page.on("request", (request) => {
      const asked = request.url();
      if (!asked.startsWith(site) && !asked.startsWith("data:")) strangers.push(asked);
    });
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.set(response.url(), response.body());
    });
    await page.goto(url, {waitUntil: "networkidle"});
    const own = new Set(await page.evaluate(scriptsOfThePage));
    const weight = {page: 0, workers: 0};
    for (const [address, body] of scripts)
      weight[own.has(address) ? "page" : "workers"] += gzipSync(await body).length;
    return {...weight, strangers};
  });
}

/** Not those by which workers begin, nor what these load. */
function scriptsOfThePage(): string[] {
  const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const own = entries.filter(
    ({name, initiatorType}) => name.endsWith(".js") && initiatorType !== "other",
  );
  const modules = [...document.querySelectorAll<HTMLLinkElement>("link[rel=modulepreload]")];
  return [...own.map(({name}) => name), ...modules.map(({href}) => href)];
}

/** Milliseconds until the first live cell shows something; null on a page that has none to show. */
export async function firstOutput(
  browser: Browser,
  url: string,
  speed: Speed,
): Promise<number | null> {
  const shows = await withPage(browser, {}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    return await page.evaluate(hasOutput);
  });
  if (!shows) return null;
  return await median(RUNS, () =>
    withPage(browser, {speed}, async (page) => {
      await page.goto(url, {waitUntil: "commit"});
      return await page.evaluate(whenOutput);
    }),
  );
}

function hasOutput(): boolean {
  return [...document.querySelectorAll("[data-output]")].some(
    (slot) => slot.textContent !== "",
  );
}

/** Since the navigation began. */
function whenOutput(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const slots = [...document.querySelectorAll("[data-output]")];
      if (slots.some((slot) => slot.textContent !== "")) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Milliseconds from a click on the first listing to an editor in its place; null if the page has none. */
export async function editorOpen(
  browser: Browser,
  url: string,
  speed: Speed,
): Promise<number | null> {
  const listings = "[data-kernel], [data-cell]";
  const has = await withPage(browser, {}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    return (await page.locator(listings).count()) > 0;
  });
  if (!has) return null;
  return await median(RUNS, () =>
    withPage(browser, {speed}, async (page) => {
      await page.goto(url, {waitUntil: "networkidle"});
      return await page.evaluate(clickToEditor, listings);
    }),
  );
}

function clickToEditor(listings: string): Promise<number> {
  const listing = document.querySelector<HTMLElement>(listings)!;
  listing.scrollIntoView();
  return new Promise((resolve) => {
    const begun = performance.now();
    const look = () => {
      if (listing.querySelector(".cm-content")) resolve(performance.now() - begun);
      else requestAnimationFrame(look);
    };
    listing.click();
    look();
  });
}

/** Tasks of more than 50 ms after the first button of the page was pressed, until a verdict is there; null without a button. */
export async function longTasks(browser: Browser, url: string): Promise<number[] | null> {
  return await withPage(browser, {}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    const button = page
      .getByRole("button", {name: /Find me the schedule|Does it hold/})
      .first();
    if ((await button.count()) === 0) return null;
    await page.evaluate(watchTasks);
    await button.click();
    await page.locator(".verdict").first().waitFor({timeout: 60_000});
    return await page.evaluate(() => (globalThis as unknown as {long: number[]}).long);
  });
}

function watchTasks(): void {
  const long: number[] = [];
  Object.assign(globalThis, {long});
  new PerformanceObserver((list) => {
    for (const {duration} of list.getEntries()) long.push(Math.round(duration));
  }).observe({type: "longtask"});
}

/** What axe finds, in sentences, with an editor and a timeline open where the page has them. */
export async function accessibility(
  browser: Browser,
  url: string,
  theme: "light" | "dark",
): Promise<string[]> {
  return await withPage(browser, {theme, guest: true}, async (page) => {
    await page.goto(url, {waitUntil: "networkidle"});
    const before = await axe(page);
    await openAll(page);
    return [...new Set([...before, ...(await axe(page))])];
  });
}

async function openAll(page: Page): Promise<void> {
  const button = page.getByRole("button", {name: "Find me the schedule"}).first();
  if ((await button.count()) > 0) {
    await button.click();
    await page.locator(".timeline").first().waitFor({timeout: 60_000});
  }
  const listing = page.locator("[data-kernel], [data-cell]").first();
  if ((await listing.count()) === 0) return;
  await listing.click();
  await page.locator(".cm-content").first().waitFor();
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

async function axe(page: Page): Promise<string[]> {
  await page.addScriptTag({path: AXE});
  return await page.evaluate(async () => {
    type Results = {violations: {id: string; help: string; nodes: {target: string[]}[]}[]};
    const {axe} = globalThis as unknown as {axe: {run(): Promise<Results>}};
    const {violations} = await axe.run();
    return violations.map(
      ({id, help, nodes}) => `${id}: ${help} (${nodes[0].target.join(" ")})`,
    );
  });
}
