// What axe finds, before and after a timeline and an editor are open.

import {createRequire} from "node:module";
import type {Page} from "playwright-core";
import {withPage} from "./browser.ts";
import type {Figure} from "./figure.ts";

export async function* accessibility(site: string, url: string): AsyncGenerator<Figure> {
  for (const theme of ["light", "dark"] as const)
    for (const width of [1360, 390]) {
      const found = await withPage(site, {theme, width, guest: true}, async (page) => {
        await page.goto(url, {waitUntil: "networkidle"});
        const before = await axe(page);
        await openAll(page);
        return [...new Set([...before, ...(await axe(page))])];
      });
      yield {
        what: `axe, ${theme}, ${width} px`,
        values: [found.length],
        limit: {most: 0},
        unit: "violations",
        notes: found,
      };
    }
}

async function openAll(page: Page): Promise<void> {
  const button = page.getByRole("button", {name: "Find me the schedule"}).first();
  if ((await button.count()) > 0) {
    await button.click();
    await page.locator(".timeline").first().waitFor({timeout: 60_000});
  }
  const listing = page.locator("[data-kernel][aria-label], [data-cell][aria-label]").first();
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
