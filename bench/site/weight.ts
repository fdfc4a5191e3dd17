// What a page loads before anybody edits anything, and from whom.

import {gzipSync} from "node:zlib";
import {withPage} from "./browser.ts";
import type {Figure} from "./figure.ts";

/** The explorer and the text of the kernel, for races that a cell has written: on the page's thread, when one is about to be looked at. */
const EXPLORER = /\/(own-race|explorer)-[^/]*\.js$/;

export async function* weight(site: string, url: string): AsyncGenerator<Figure> {
  const {own, explorer, strangers} = await withPage(site, {}, async (page) => {
    const scripts = new Map<string, Promise<Buffer>>();
    const strangers: string[] = [];
    page.on("request", (request) => {
      const asked = request.url();
      if (!asked.startsWith(site) && !asked.startsWith("data:")) strangers.push(asked);
    });
    page.on("response", (response) => {
      if (!response.url().endsWith(".js")) return;
      const body = response.body();
      // What comes when the page is about to be closed does not count, and cannot be read.
      body.catch(() => {});
      scripts.set(response.url(), body);
    });
    await page.goto(url, {waitUntil: "networkidle"});
    const ofThePage = new Set(await page.evaluate(scriptsOfThePage));
    const bytes = {own: 0, explorer: 0};
    for (const [address, body] of scripts)
      bytes[ofThePage.has(address) && !EXPLORER.test(address) ? "own" : "explorer"] += gzipSync(
        await body,
      ).length;
    return {...bytes, strangers};
  });
  yield {
    what: "JavaScript before the first edit",
    values: [own / 1000],
    limit: {most: 60},
    unit: "kB gzip",
  };
  yield {
    what: "explorer and kernel, by part",
    values: [explorer / 1000],
    unit: "kB gzip",
  };
  yield {
    what: "requests to others",
    values: [strangers.length],
    limit: {most: 0},
    unit: "",
    notes: strangers,
  };
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
