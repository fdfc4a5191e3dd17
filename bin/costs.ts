// `tailpage compare --costs`: what reading smaps costs with each fix, when nothing goes wrong.

import {writeFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {
  ASSUMPTIONS,
  costsOf,
  NOTHING,
  PER_GIB,
  REAL_PAGES,
  type Costs,
  type CostTable,
} from "../src/compare/index.ts";
import type {Livepatch} from "../src/livepatch/index.ts";
import {link} from "../src/livepatch/index.ts";
import {prepare} from "../src/livepatch/prepare.ts";

/** Sub-pages in the stories of the book, and in a real huge page. */
const SIZES = [4, REAL_PAGES];

export function runCosts(
  fixes: readonly Livepatch[],
  {json, out}: {json: boolean; out?: string | undefined},
): 0 {
  const rows = [null, ...fixes].map((fix) => {
    const linked = link(sources, prepare(sources, fix === null ? [] : [fix]));
    return {fix: fix?.name ?? NOTHING, costs: SIZES.map((pages) => costsOf(linked, pages))};
  });
  const object: CostTable = {assumptions: ASSUMPTIONS, rows};
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(object)}\n`);
  process.stdout.write(json ? `${JSON.stringify(object, null, 1)}\n` : textOf(rows));
  return 0;
}

const HEAD = [
  "accesses",
  "per entry",
  "atomics",
  "per entry",
  "under spinlock",
  "lines",
  "lines, 2 readers",
  "atomics per GiB",
  "lines per GiB, 2 readers",
];

function textOf(rows: CostTable["rows"]): string {
  const tables = SIZES.map((pages, i) => {
    const lines = rows.map(({fix, costs}) => rowText(fix, costs[i]));
    return [
      `Reading smaps of a huge page of ${pages} sub-pages that is mapped by PTEs in two processes; per GiB: ${PER_GIB} of them`,
      "",
      `  ${"".padEnd(30)}${HEAD.map((word) => word.padStart(word.length + 2)).join("")}`,
      ...lines,
      "",
    ].join("\n");
  });
  const assumed = ASSUMPTIONS.map((one) => `  - ${one}`).join("\n");
  return `${tables.join("\n")}\nAccesses are counted by running the kernel. "lines" are cache lines that travel to the reader, in a model that assumes:\n${assumed}\n`;
}

function rowText(fix: string, costs: Costs): string {
  const perEntry = (n: number) => Number((n / costs.pages).toFixed(1));
  const numbers = [
    costs.accesses,
    perEntry(costs.accesses),
    costs.atomics,
    perEntry(costs.atomics),
    costs.underSpinlock,
    costs.transfers,
    costs.transfersWithAnother,
    costs.atomics * PER_GIB,
    costs.transfersWithAnother * PER_GIB,
  ];
  const cells = numbers.map((n, i) => n.toLocaleString("en").padStart(HEAD[i].length + 2));
  return `  ${fix.padEnd(30)}${cells.join("")}`;
}
