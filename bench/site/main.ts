// `npm run check:site`: the built book in a browser, measured page by page, and held against what was promised.

import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser} from "playwright-core";
import {buildSite} from "../../bin/build.ts";
import {serve} from "../../bin/serve.ts";
import {launch} from "./browser.ts";
import {accessibility, editorOpen, firstOutput, longTasks, weigh} from "./measures.ts";

/** A figure, and the most that it may be; null where a page has nothing to measure. */
type Figure = {
  readonly what: string;
  readonly value: number | null;
  readonly most: number;
  readonly unit: string;
  readonly notes?: readonly string[];
};

process.exitCode = await main();

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-check-"));
  const out = join(folder, "book");
  await buildSite(out);
  const site = await serve(out, 0);
  const browser = await launch();
  let short = 0;
  try {
    const pages = readdirSync(out).filter((file) => /^\d\d-.*\.html$/.test(file));
    for (const page of pages) {
      say(`\n${page}`);
      for await (const figure of figuresOf(browser, site.url, page)) {
        if (!show(figure)) short++;
      }
    }
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, {recursive: true, force: true});
  }
  say(short === 0 ? "\nall within their limits" : `\n${short} fall short`);
  return short === 0 ? 0 : 1;
}

async function* figuresOf(
  browser: Browser,
  site: string,
  page: string,
): AsyncGenerator<Figure> {
  const url = `${site}${page}`;
  const {page: own, workers, strangers} = await weigh(browser, url, site);
  yield {what: "JavaScript before an edit", value: own / 1000, most: 60, unit: "kB gzip"};
  yield {
    what: "explorer and kernel, in workers",
    value: workers / 1000,
    most: Infinity,
    unit: "kB gzip",
  };
  yield {
    what: "requests to others",
    value: strangers.length,
    most: 0,
    unit: "",
    notes: strangers,
  };
  const ms = {unit: "ms"};
  yield {
    what: "first live output",
    value: await firstOutput(browser, url, "fast"),
    most: 250,
    ...ms,
  };
  yield {
    what: "first live output, slow",
    value: await firstOutput(browser, url, "slow"),
    most: 900,
    ...ms,
  };
  yield {what: "editor open", value: await editorOpen(browser, url, "fast"), most: 250, ...ms};
  yield {
    what: "editor open, slow",
    value: await editorOpen(browser, url, "slow"),
    most: 1500,
    ...ms,
  };
  const tasks = await longTasks(browser, url);
  const longest = tasks && Math.max(0, ...tasks);
  yield {what: "longest task while exploring", value: longest, most: 50, ...ms};
  for (const theme of ["light", "dark"] as const) {
    const found = await accessibility(browser, url, theme);
    yield {
      what: `axe, ${theme}`,
      value: found.length,
      most: 0,
      unit: "violations",
      notes: found,
    };
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** True if it is within its limit. */
function show({what, value, most, unit, notes = []}: Figure): boolean {
  if (value === null) return true;
  const holds = value <= most;
  const figure = value.toLocaleString("en", {maximumFractionDigits: 1});
  say(
    `  ${what.padEnd(32)}${figure.padStart(9)} ${unit.padEnd(11)} ${most === Infinity ? "" : `at most ${String(most).padStart(5)}  ${holds ? "holds" : "FALLS SHORT"}`}`,
  );
  for (const note of notes) say(`      ${note}`);
  return holds;
}
