// The code of a link is a stranger's: the command runs it where the page does, in QuickJS, and asks it for steps only.

import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import type {Program} from "../src/explore/index.ts";
import type {LinkedKernel} from "../src/livepatch/index.ts";
import type {Parameters, Race} from "../src/races/index.ts";

/** `theirs` is linked and never booted here. */
export async function assembleStrangers(
  race: Race,
  {livepatches}: LinkedKernel,
  parameters: Parameters,
): Promise<Program> {
  const [{default: variant}, {assembleApart, createSandbox, loadQuickJS}] = await Promise.all([
    import("@jitl/quickjs-wasmfile-release-sync"),
    import("../src/oracle/index.ts"),
  ]);
  const sandbox = createSandbox(await loadQuickJS(variant), guest);
  return assembleApart({sources, livepatches}, sandbox)(race, parameters);
}
