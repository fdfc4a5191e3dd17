// What a page loads before anybody edits anything, and from whom.

import {gzipSync} from "node:zlib";
import {withPage} from "./browser.ts";
import type {Figure} from "./figure.ts";

export async function* weight(site: string, url: string): AsyncGenerator<Figure> {
  const {own, workers, strangers} = await withPage(site, {}, async (page) => {
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
    const ofThePage = new Set(await page.evaluate(scriptsOfThePage));
    const bytes = {own: 0, workers: 0};
    for (const [address, body] of scripts)
      bytes[ofThePage.has(address) ? "own" : "workers"] += gzipSync(await body).length;
    return {...bytes, strangers};
  });
  yield {
    what: "JavaScript before the first edit",
    values: [own / 1000],
    limit: {most: 60},
    unit: "kB gzip",
  };
  yield {
    what: "explorer and kernel, in workers",
    values: [workers / 1000],
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
