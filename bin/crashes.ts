// How often real kernels crashed: the numbers that the book quotes, counted from the recordings when the book is built.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {Plugin} from "vite";
import type {Crashes} from "../site/crashes.ts";
import {median} from "../src/book/measures.ts";

type Boot = {
  readonly bug: number;
  readonly seconds: number;
  readonly splits: number;
  readonly page?: {readonly subpage: number};
  readonly callTrace?: readonly string[];
};

export function countCrashes(root: string): Crashes {
  const text = readFileSync(join(root, "evidence/race-results.json"), "utf8");
  const boots = JSON.parse(text) as Boot[];
  const crashes = boots.filter(({bug}) => bug === 1);
  return {
    boots: boots.length,
    crashes: crashes.length,
    throughSmaps: crashes.filter(({callTrace}) => callTrace?.includes("smaps_account")).length,
    ofTheHead: crashes.filter(({page}) => page?.subpage === 0).length,
    subpages: crashes.map(({page}) => page?.subpage ?? 0).sort((a, b) => a - b),
    splits: median(crashes.map(({splits}) => splits)),
    seconds: median(crashes.map(({seconds}) => seconds)),
  };
}

const ID = "virtual:crashes";

export function recordedCrashes(root: string): Plugin {
  return {
    name: "tailpage-recorded-crashes",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) =>
      id === `\0${ID}`
        ? `export const crashes = ${JSON.stringify(countCrashes(root))};`
        : undefined,
  };
}
