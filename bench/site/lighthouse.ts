// Lighthouse, as a phone with a slow network sees the page. It is no part of the installation, since it is larger than all the rest:
// npx fetches it once, by its version, and keeps it.

import {execFile} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {chromium} from "playwright-core";
import {BROWSER_ARGUMENTS, findBrowser} from "../../test/browser/find-browser.ts";
import type {Figure} from "./figure.ts";

const LIGHTHOUSE = "@lhci/cli@0.15.1";

/** The system's theme, as the page is told of it. */
const THEMES = {dark: 0, light: 1} as const;
type Theme = keyof typeof THEMES;

const PROMISED = {performance: 98, accessibility: 100, "best-practices": 100} as const;
type Category = keyof typeof PROMISED;

type Result = {
  readonly categories: Record<Category, {score: number; auditRefs: {id: string}[]}>;
  readonly audits: Record<
    string,
    {id: string; title: string; score: number | null; details?: {data?: string}}
  >;
};

export async function* lighthouse(_site: string, url: string): AsyncGenerator<Figure> {
  for (const theme of ["light", "dark"] as const) {
    const results = await run(url, theme, 1);
    // One run may have had company: what falls short is looked at again.
    if (fallsShort(results[0])) results.push(...(await run(url, theme, 2)));
    const shade = await lightness(results[0].audits["final-screenshot"].details!.data!);
    yield {
      what: `lightness of the picture, ${theme}`,
      values: [shade],
      limit: theme === "light" ? {least: 160} : {most: 96},
      unit: "of 255",
    };
    for (const [category, least] of Object.entries(PROMISED) as [Category, number][])
      yield {
        what: `Lighthouse ${category}, ${theme}`,
        values: results.map(({categories}) => Math.round(categories[category].score * 100)),
        limit: {least},
        unit: "",
        notes: complaints(results.at(-1)!, category),
      };
  }
}

function fallsShort({categories}: Result): boolean {
  return Object.entries(PROMISED).some(
    ([category, least]) => categories[category as Category].score * 100 < least,
  );
}

/** What costs points. */
function complaints({categories, audits}: Result, category: Category): string[] {
  if (categories[category].score === 1) return [];
  return categories[category].auditRefs
    .map(({id}) => audits[id])
    .filter(({score}) => score !== null && score < 0.9)
    .map(({id, title}) => `${id}: ${title}`);
}

async function run(url: string, theme: Theme, times: number): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-lighthouse-"));
  const flags = [
    ...BROWSER_ARGUMENTS,
    "--headless=new",
    `--blink-settings=preferredColorScheme=${THEMES[theme]}`,
  ];
  try {
    await promisify(execFile)(
      "npx",
      [
        "--yes",
        LIGHTHOUSE,
        "collect",
        `--url=${url}`,
        `--numberOfRuns=${times}`,
        `--settings.chromeFlags=${flags.join(" ")}`,
      ],
      {cwd: folder, env: {...process.env, CHROME_PATH: findBrowser()}},
    ).catch((error: Error & {stderr?: string}) => {
      const said = error.stderr?.trim().split("\n").at(-1) ?? error.message;
      throw new Error(`Lighthouse did not run (${said}): can npx fetch ${LIGHTHOUSE}?`);
    });
    const kept = join(folder, ".lighthouseci");
    return readdirSync(kept)
      .filter((file) => /^lhr-.*\.json$/.test(file))
      .map((file) => JSON.parse(readFileSync(join(kept, file), "utf8")) as Result);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** From 0, black, to 255: the proof that the page was seen in the theme that is claimed. */
async function lightness(picture: string): Promise<number> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: BROWSER_ARGUMENTS,
  });
  try {
    const page = await browser.newPage();
    return await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const {data} = context.getImageData(0, 0, image.width, image.height);
      let green = 0;
      for (let i = 1; i < data.length; i += 4) green += data[i];
      return Math.round(green / (data.length / 4));
    }, picture);
  } finally {
    await browser.close();
  }
}
