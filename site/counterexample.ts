// The schedule that shows what is wrong with an answer, to be stepped through: on the code that it was recorded on, whatever has been written since.

import type {Counterexample} from "../src/grade/results.ts";
import {createKernel} from "./model.ts";
import {timeline} from "./timeline.ts";

export async function runOf({schedule, livepatches}: Counterexample): Promise<HTMLElement> {
  const trace = await createKernel(livepatches).replay(schedule);
  return timeline(trace, {at: trace.steps.length - 1});
}
