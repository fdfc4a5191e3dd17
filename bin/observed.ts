// `tailpage compare --observed`: patterns that real kernels printed during a split, and where the model has them.

import {sources} from "virtual:kernel-source";
import {observed, OBSERVED, SIZES, type Seen} from "../src/compare/index.ts";
import {fixNamed} from "../src/fixes/index.ts";
import {link} from "../src/livepatch/index.ts";
import {prepare} from "../src/livepatch/prepare.ts";

/** 0 if the model shows everything that was seen. */
export function runObserved(json: boolean): number {
  const seen = OBSERVED.flatMap(({kernel, fix}) => {
    const patches = fix === null ? [] : [fixNamed(fix)!];
    return observed(kernel, link(sources, prepare(sources, patches)));
  });
  process.stdout.write(json ? `${JSON.stringify(seen, null, 1)}\n` : textOf(seen));
  return seen.every(({witness}) => witness !== null) ? 0 : 1;
}

function textOf(seen: readonly Seen[]): string {
  const lines = OBSERVED.flatMap(({kernel, fix}) => [
    `Linux ${kernel}, and v5.13${fix === null ? "" : ` with ${fix}`}`,
    ...seen.filter((one) => one.kernel === kernel).flatMap((one) => lineOf(one, fix)),
    "",
  ]);
  return `${lines.join("\n")}\n`;
}

function lineOf({reader, pattern, times, witness}: Seen, fix: string | null): string[] {
  const said = `  ${reader.padEnd(8)}${pattern.padEnd(64)}${String(times).padStart(6)} times`;
  if (witness === null) return [`${said}, on no machine of up to ${SIZES.at(-1)} sub-pages`];
  const patch = fix === null ? "" : ` --livepatch ${fix}`;
  return [
    `${said}, here with ${witness.pages} sub-pages:`,
    `    tailpage replay ${witness.schedule}${patch}`,
  ];
}
