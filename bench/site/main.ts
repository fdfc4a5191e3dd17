// `npm run check:site`: the built book in a browser, measured page by page, and held against what was promised.

import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {buildSite} from "../../bin/build.ts";
import {serve} from "../../bin/serve.ts";
import {describeMachine} from "../machine.ts";
import {accessibility} from "./accessibility.ts";
import {columnsOf, holds, markdown, type Figure, type Row} from "./figure.ts";
import {lighthouse} from "./lighthouse.ts";
import {pace} from "./pace.ts";
import {dependants, editorOpen, firstOutput, typeErrors} from "./speed.ts";
import {tasks} from "./tasks.ts";
import {weight} from "./weight.ts";

type Measure = (site: string, url: string) => AsyncGenerator<Figure>;

const MEASURES: Readonly<Record<string, Measure>> = {
  weight,
  output: firstOutput,
  editor: editorOpen,
  dependants,
  types: typeErrors,
  tasks,
  axe: accessibility,
  lighthouse,
};

const HELP = `npm run check:site -- [options]

Builds the book, and measures its pages in Chromium. Exit code 1 if one falls short of what was promised.

  --page NAME     only this page, such as 11-the-thread (may be given more than once)
  --only MEASURE  only this measure: ${Object.keys(MEASURES).join(", ")} (may be given more than once)
  --out FILE      writes the table into a file as well, in Markdown

Lighthouse is fetched by npx when it is first asked for. Nothing else should run meanwhile.`;

const FLOOR = "floor.html";

/** The frame in which the code of a link runs. Nobody opens it alone: it is measured with the pages that have it, but whoever does open it is to be able to read it. */
const FRAME = "guest.html";

/** A pace that can be seen in what is measured. */
const SLOWED = 0.85;

/** The page whose figures are being shown. */
let shown = "";

process.exitCode = await main();

async function main(): Promise<number> {
  const {values} = parseArgs({
    options: {
      page: {type: "string", multiple: true, default: []},
      only: {type: "string", multiple: true, default: Object.keys(MEASURES)},
      out: {type: "string"},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return say(HELP);
  const unknown = values.only.find((name) => !(name in MEASURES));
  if (unknown !== undefined)
    return refuse(`there is no measure "${unknown}": ${Object.keys(MEASURES).join(", ")}`);

  const machine = machineInWords();
  const folder = mkdtempSync(join(tmpdir(), "tailpage-check-"));
  const out = join(folder, "book");
  await buildSite(out);
  addFloor(out);
  // As readers have it: from a host of files, where no page stands alone.
  const site = await serve(out, 0, {isAlone: false});
  try {
    const known = readdirSync(out).filter((file) => file.endsWith(".html"));
    const wanted = values.page.map((name) => `${name.replace(/\.html$/, "")}.html`);
    const missing = wanted.find((page) => !known.includes(page));
    if (missing) return refuse(`there is no page "${missing}": ${known.join(", ")}`);
    say(machine);
    const pages = wanted.length > 0 ? wanted : known.filter((page) => page !== FLOOR);
    const rows: Row[] = [];
    if (values.only.includes("output"))
      for await (const figure of firstOutput(site.url, `${site.url}${FLOOR}`))
        rows.push(show(FLOOR, floorOf(figure)));
    for (const page of pages)
      for (const name of values.only.filter((one) => page !== FRAME || one === "axe"))
        for await (const figure of measured(MEASURES[name], site.url, page))
          rows.push(show(page, figure));
    const short = rows.filter((row) => holds(row) === false).length;
    say(short === 0 ? "\nall within what was promised" : `\n${short} fall short`);
    if (values.out) writeFileSync(values.out, `${machine}\n\n${markdown(rows)}`);
    return short === 0 ? 0 : 1;
  } finally {
    await site.close();
    rmSync(folder, {recursive: true, force: true});
  }
}

function machineInWords(): string {
  const {processor, cores, load, memoryGb, system, node} = describeMachine(false);
  return `${processor}, ${cores} processors, ${memoryGb} GB, ${system}, Node ${node}, load ${load.toFixed(1)} before it began`;
}

/** A measure that breaks down falls short, and the others go on. */
async function* measured(measure: Measure, site: string, page: string): AsyncGenerator<Figure> {
  const before = pace();
  try {
    yield* measure(site, `${site}${page}`);
  } catch (error) {
    const [sentence] = (error as Error).message.split("\n");
    yield {
      what: `could not be measured: ${sentence}`,
      values: [1],
      limit: {most: 0},
      unit: "failures",
    };
  }
  sayPace(Math.min(before, pace()));
}

function sayPace(share: number): void {
  if (share < SLOWED)
    say(
      `  (the processor did ${Math.round(share * 100)}% of its best meanwhile: others use it, and times are too long)`,
    );
}

/** The fastest that a page of this server can be in this browser, on this machine, as busy as it is: one script, one output. */
function addFloor(out: string): void {
  mkdirSync(join(out, "floor"));
  writeFileSync(
    join(out, FLOOR),
    `<!doctype html><html lang="en"><title>floor</title><link rel="icon" href="data:,"><script type="module" src="floor/floor.js"></script><p data-output="a"></p></html>`,
  );
  writeFileSync(
    join(out, "floor/floor.js"),
    `requestAnimationFrame(() => document.querySelector("p").append("1"));`,
  );
}

/** Nothing was promised of it. */
function floorOf({what, values, unit}: Figure): Figure {
  return {what: `${what}, empty page`, values, unit};
}

function show(page: string, figure: Figure): Row {
  if (page !== shown) say(`\n${page}`);
  shown = page;
  const [value, spread, promised, verdict] = columnsOf(figure);
  say(
    `  ${figure.what.padEnd(38)} ${value.padStart(16)}  ${spread.padEnd(20)} ${promised.padEnd(22)} ${verdict.replaceAll("**", "")}`,
  );
  for (const note of figure.notes ?? []) say(`      ${note}`);
  return {...figure, page};
}

function say(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

function refuse(sentence: string): number {
  console.error(sentence);
  return 2;
}
