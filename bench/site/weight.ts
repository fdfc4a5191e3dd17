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
    const bodies = new Map<string, Buffer>();
    for (const [address, body] of scripts) bodies.set(address, await body);
    const ofThePage = withImports(await page.evaluate(scriptsOfThePage), bodies);
    const bytes = {own: 0, explorer: 0};
    for (const [address, body] of bodies)
      bytes[ofThePage.has(address) && !EXPLORER.test(address) ? "own" : "explorer"] +=
        gzipSync(body).length;
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

/** What the document names, and what it has asked for since. Not those by which workers begin, nor what these import, though the browser lists that among the page's. */
function scriptsOfThePage(): string[] {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>("script[src]")];
  const modules = [...document.querySelectorAll<HTMLLinkElement>("link[rel=modulepreload]")];
  return [...scripts.map(({src}) => src), ...modules.map(({href}) => href)];
}

/** Of the scripts that have come, those that these import, and so on: a script names another by its file. Workers are begun, and not imported. */
function withImports(
  begun: readonly string[],
  bodies: ReadonlyMap<string, Buffer>,
): ReadonlySet<string> {
  const all = new Set(begun);
  const isImported = (text: string, file: string): boolean =>
    [`from"./${file}`, `import"./${file}`, `import(\`./${file}`, `import("./${file}`].some(
      (words) => text.includes(words),
    );
  for (const address of all) {
    const text = bodies.get(address)?.toString() ?? "";
    for (const other of bodies.keys())
      if (isImported(text, other.split("/").at(-1)!)) all.add(other);
  }
  return all;
}
