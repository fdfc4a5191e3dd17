// The book without a network: once it was visited, all of it is there, also what was never looked at.

import {chromium, type Browser} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import type {Serving} from "../../bin/serve.ts";
import {serveBook} from "./book.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

let site: Serving;
let browser: Browser;

beforeAll(async () => {
  const executablePath = findBrowser();
  site = await serveBook();
  browser = await chromium.launch({executablePath, args: BROWSER_ARGUMENTS});
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

it("a chapter that was never visited opens, finds its schedule, and its editor opens", async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await site.close();

  // The server is gone.
  await page.goto(`${site.url}11-the-thread.html`);
  await page.getByRole("button", {name: "Find me the schedule"}).click();
  await page.locator(".verdict").first().getByText("Found.").waitFor();
  await page.locator("[data-kernel=smaps_pte_entry]").click();
  await page.locator("[data-kernel=smaps_pte_entry] .cm-content").waitFor();

  // Without its ending, and one that there is not.
  await page.goto(`${site.url}00-start-here`);
  expect(await page.locator("h1").textContent()).toBe("Start here");
  await page.goto(`${site.url}99-nothing.html`);
  expect(await page.locator("h1").textContent()).toBe("No such page");
}, 120_000);
