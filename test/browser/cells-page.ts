// A page of its own for the tests of cells: the built site with a chapter that has a cell for each way in which cells depend on each
// other.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {chromium, type Browser, type Locator, type Page} from "playwright-core";
import {buildSite} from "../../bin/build.ts";
import {listingsOf} from "../../bin/listing.ts";
import {serve, type Serving} from "../../bin/serve.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {renderPage} from "../../src/book/page.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

const NAME = "90-cells";

const CHAPTER = `# Cells

> What a cell may do to a page, and what a page may do to a cell.

A number that others need:

\`\`\`ts echo id=n
const n = 1;
\`\`\`

What follows from it, here and in a sentence: it is \${n + 100}.

\`\`\`ts echo id=twice
const twice = n * 2;
\`\`\`

\`\`\`ts echo id=shown
display({twice, inside: {list: [1, 2, 3]}});
\`\`\`

This one has a source that is not printed.

\`\`\`ts id=hidden
display(\`hidden \${twice}\`);
\`\`\`

And this one shows nothing.

\`\`\`ts id=silent
const silent = n;
\`\`\`

Here is room.

\`\`\`ts echo id=free
"free"
\`\`\`

\`\`\`ts echo id=other
"other"
\`\`\`
`;

export type CellsSite = {
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
};

export async function openSite(): Promise<CellsSite> {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-cells-"));
  const out = join(folder, "book");
  await buildSite(out);
  addChapter(out);
  const site: Serving = await serve(out, 0);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: BROWSER_ARGUMENTS,
  });
  return {
    browser,
    url: `${site.url}${NAME}.html`,
    async close() {
      await browser.close();
      await site.close();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

/** Its page has what the others have in their heads. */
function addChapter(out: string): void {
  const other = readFileSync(join(out, "00-start-here.html"), "utf8");
  const all = (pattern: RegExp) => [...other.matchAll(pattern)].map(([, name]) => name!);
  const assets = {
    module: all(/<script type="module" src="([^"]+)"/g)[0]!,
    around: all(/<script type="module" src="([^"]+)"/g)[1]!,
    imports: all(/<link rel="modulepreload" href="([^"]+)"/g),
    early: all(/<script src="([^"]+)"/g)[0]!,
    data: {},
    styles: all(/<link rel="stylesheet" href="([^"]+)"/g),
    fonts: all(/<link rel="preload" as="font" type="font\/woff2" href="([^"]+)"/g),
  };
  const chapter = parseChapter(
    {name: `${NAME}.md`, text: CHAPTER},
    {cut: listingsOf("."), highlight: (code) => code.split("\n").map(lineOf).join("\n")},
  );
  const edition = {name: "0.0.0-test", version: "0.0.0", released: "2026-01-01"};
  const page = renderPage(chapter, {chapters: [chapter], assets, edition});
  writeFileSync(join(out, `${NAME}.html`), page);
}

function lineOf(text: string): string {
  return `<span class="line">${text.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</span>`;
}

export function output(page: Page, id: string): Locator {
  return page.locator(`[data-output="${id}"]`);
}

export function listing(page: Page, id: string): Locator {
  return page.locator(`[data-cell="${id}"]`);
}

/** Puts `text` in the place of what a cell's listing has, without running it. */
export async function type(page: Page, id: string, text: string): Promise<void> {
  const source = listing(page, id);
  await source.locator("pre, .cm-content").first().click();
  await source.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

export async function run(page: Page, id: string, text: string): Promise<void> {
  await type(page, id, text);
  await page.keyboard.press("Shift+Enter");
}

/** What is kept of a cell's text. */
export async function kept(page: Page, id: string): Promise<string | undefined> {
  const json = await page.evaluate(
    (key) => localStorage.getItem(key),
    `tailpage:edit:${NAME}:${id}`,
  );
  return json === null ? undefined : (JSON.parse(json) as {text: string}).text;
}

export function markOf(id: string): string {
  return `tailpage:running:${NAME}:${id}`;
}

/** Text of the line that a sentence stands under, in a listing that is open. */
export async function lineAbove(page: Page, id: string, said: string): Promise<string> {
  const sentence = listing(page, id).locator(".cm-content .under-line").getByText(said);
  await sentence.first().waitFor();
  // In one step: an editor that hears of another problem draws them anew.
  return sentence.evaluateAll(
    ([under]) => under?.parentElement!.previousElementSibling?.textContent ?? "",
  );
}
