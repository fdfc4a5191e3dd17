// `tailpage build`: the browser side by Vite, then the pages by the book.

import {readdir, readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {build, type Manifest, type Rolldown} from "vite";
import {buildBook} from "../src/book/build.ts";
import type {Chapter} from "../src/book/chapter.ts";
import type {Assets} from "../src/book/page.ts";
import {messageOf, placeOf} from "../src/book/problem.ts";
import {checkChapter} from "../src/book/run-chapter.ts";
import {
  earlyConfig,
  guestConfig,
  serviceWorkerConfig,
  siteConfig,
} from "../site/vite.config.ts";
import {ascii} from "./ascii.ts";
import {notebooks} from "./assignment-text.ts";
import {builtinsOf} from "./book-builtins.ts";
import {readBook} from "./book-sources.ts";
import {recordedCrashes} from "./crashes.ts";
import {CliError} from "./errors.ts";
import {writeFidelity} from "./fidelity.ts";
import {writeGuestPage} from "./guest-page.ts";
import {kernelSource} from "./kernel-source.ts";
import {listBook} from "./offline.ts";
import {oracleGuest} from "./oracle-guest.ts";
import {ROOT} from "./root.ts";
import {typeLibrary} from "./type-library.ts";
import {typescriptModule} from "./typescript-module.ts";

/** Builds the whole site into a folder, which any static host can serve. If it is told to, it runs the recordings and every cell of the book. */
export async function buildSite(folder: string, {run = false} = {}): Promise<void> {
  // Vite would take a relative one from the browser side's folder on.
  const out = resolve(folder);
  await refuseForeign(out);
  if (run) await writeFidelity();
  const site = join(ROOT, "site");
  const plugins = () => [
    kernelSource(ROOT),
    recordedCrashes(ROOT),
    oracleGuest(ROOT),
    typeLibrary(ROOT),
    notebooks(ROOT),
    typescriptModule(),
    ascii(),
  ];
  await build(siteConfig(out, site, plugins));
  const assets = await readAssets(out, await buildEarly(out, site));
  const book = await buildBook(await readBook(ROOT), {out, assets}).catch(refuseProblem);
  if (run) await runCells(book.chapters);
  for (const key of book.uncited) console.error(`chapters/sources.json: nobody cites ${key}`);
  await writeGuestPage(out, guestConfig(site, plugins));
  await build(serviceWorkerConfig(out, site));
  await listBook(out);
}

/** Every cell, every solution of an exercise: what does not show what the text says is an error of the book. */
async function runCells(chapters: readonly Chapter[]): Promise<void> {
  const builtins = builtinsOf(ROOT);
  const wrong: string[] = [];
  for (const chapter of chapters) {
    console.error(`running ${chapter.slug}: ${chapter.cells.length} cells`);
    wrong.push(...(await checkChapter(chapter, builtins)));
  }
  if (wrong.length > 0)
    throw new CliError(
      `the book says what its cells do not show:\n  ${wrong.join("\n  ")}\n(--no-run builds it all the same)`,
    );
}

/** The folder will be emptied, so it must be ours: new, empty, or built before. */
async function refuseForeign(out: string): Promise<void> {
  const files = await readdir(out).catch((): string[] => []);
  if (files.length > 0 && !files.includes("manifest.json"))
    throw new CliError(
      `${out} has other things in it, and building would remove them: name a new folder`,
    );
}

/** What is wrong with a chapter is said in a line, with its place: nobody needs to see where in our code it was found. */
function refuseProblem(error: unknown): never {
  if (placeOf(error).line === undefined) throw error;
  throw new CliError(messageOf(error));
}

async function readAssets(out: string, early: string): Promise<Assets> {
  const manifest = JSON.parse(await readFile(join(out, "manifest.json"), "utf8")) as Manifest;
  const main = manifest["main.ts"];
  if (!main) throw new Error("the browser side was built without its entry main.ts");
  const {file, imports = [], css, assets = []} = main;
  if (!css) throw new Error("the browser side's entry has no styles: is it still one file?");
  return {
    module: file,
    imports: imports.map((name) => manifest[name]!.file),
    around: manifest["around.ts"]!.file,
    early,
    styles: css,
    fonts: assets.filter((asset) => asset.endsWith(".woff2")),
    data: {
      fidelity: JSON.parse(await readFile(join(ROOT, "src/recorded/fidelity.json"), "utf8")),
    },
  };
}

/** Answers the name of the file. */
async function buildEarly(out: string, site: string): Promise<string> {
  const built = await build(earlyConfig(out, site));
  const [{output}] = built as Rolldown.RolldownOutput[];
  return output[0].fileName;
}
