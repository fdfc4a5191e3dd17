// Chromium and Firefox for one text of each test. Both are driven by puppeteer-core: it speaks WebDriver BiDi, which a Firefox as
// it is installed understands.

import {mkdtempSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import puppeteer, {type Browser, type BrowserContext} from "puppeteer-core";
import {BROWSER_ARGUMENTS, findBrowser, findFirefox} from "./find-browser.ts";

export const BROWSERS = ["chromium", "firefox"] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** Files that a page gives to its reader go into `downloads`; a context of Chromium has to be told, too (`newContext`). */
export async function launchOne(name: BrowserName, downloads: string): Promise<Browser> {
  // Firefox 140 has no command for the size of a page: its window is made that large.
  const both = {
    headless: true,
    timeout: 120_000,
    protocolTimeout: 120_000,
    defaultViewport: null,
  };
  const [width, height] = [1360, 900];
  if (name === "chromium")
    return await puppeteer.launch({
      ...both,
      browser: "chrome",
      executablePath: findBrowser(),
      args: [...BROWSER_ARGUMENTS, `--window-size=${width},${height}`],
    });
  return await puppeteer.launch({
    ...both,
    browser: "firefox",
    executablePath: findFirefox(),
    args: [`--width=${width}`, `--height=${height}`],
    // Firefox refuses a home that belongs to somebody else, which is what root may have.
    env: {...process.env, HOME: mkdtempSync(join(tmpdir(), "tailpage-home-"))},
    extraPrefsFirefox: {
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.helperApps.neverAsk.saveToDisk": "application/json",
      "ui.systemUsesDarkTheme": 0,
    },
  });
}

/** Nothing of earlier visits is there. */
export function newContext(
  browser: Browser,
  name: BrowserName,
  downloads: string,
): Promise<BrowserContext> {
  const downloadBehavior = {policy: "allow", downloadPath: downloads} as const;
  return browser.createBrowserContext(name === "chromium" ? {downloadBehavior} : {});
}
