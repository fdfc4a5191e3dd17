// The kernel that a cell asks: v5.13 with fixes by name, and with what the reader has changed.

import {sources} from "virtual:kernel-source";
import {fixNamed} from "../src/fixes/index.ts";
import {link, UserError, type LinkedKernel, type Livepatch} from "../src/livepatch/index.ts";

export type Patched = {
  /** Names of fixes. */
  readonly livepatches: readonly string[];
  /** The reader's own. */
  readonly edits: readonly Livepatch[];
};

/** Only a kernel with livepatches needs the parsers that check them. */
export async function linkKernel({livepatches, edits}: Patched): Promise<LinkedKernel> {
  const all = [...livepatches.map(findFix), ...edits];
  if (all.length === 0) return link(sources);
  const {prepare} = await import("../src/livepatch/prepare.ts");
  return link(sources, prepare(sources, all));
}

function findFix(name: string): Livepatch {
  const fix = fixNamed(name);
  if (!fix)
    throw new UserError(`there is no fix "${name}": is it spelt as in the table of fixes?`);
  return fix;
}
