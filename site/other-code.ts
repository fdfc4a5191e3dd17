// A schedule that was recorded on other code is replayed as far as it holds, and says so.

import type {Trace} from "../src/explore/trace.ts";

export function onOtherCode(trace: Trace): Trace {
  const held = trace.warning ?? "all its steps could be made, but need not mean the same";
  return {...trace, warning: `this schedule was recorded on other code: ${held}`};
}
