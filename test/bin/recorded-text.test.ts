// What is printed of a comparison, where something differs.

import {expect, it} from "vitest";
import {describeComparison, describeDetails} from "../../bin/recorded-text.ts";
import {runTraces} from "../../src/recorded/index.ts";
import {playback, recording} from "../recorded/support.ts";

it("a disagreement is told with its step, field, and both values; the tables say where to begin", () => {
  const file = recording();
  const [first] = file.sequences;
  const traces = {...file, sequences: [first]};
  // A machine that is always a step behind in what it shows.
  const late = first.steps.map((step, i) => ({
    ...step,
    state: first.steps[Math.max(0, i - 1)].state,
  }));
  const comparison = runTraces(traces, playback({sequences: [{...first, steps: late}]}));
  const details = describeDetails({path: "t.json", traces, comparison}, false);
  expect(details.split("\n").slice(0, 4)).toEqual([
    "t.json: Linux 5.14.2",
    "first-write-thp",
    "  step 1, madv_hugepage: state/parent/vmas/0-512/VmFlags: kernel rd wr mr mw me ac hg, model rd wr mr mw me ac",
    "  step 1, madv_hugepage: state/parent/vmas/0-512/THPeligible: kernel 1, model 0",
  ]);
  expect(details).toMatch(/and \d+ more: --sequence first-write-thp shows them/);
  const all = describeDetails({path: "t.json", traces, comparison}, true);
  expect(all).toContain(
    "step 2, write: state/parent/pages/mapcount from page 0 on: kernel [[0,512,1]], model []",
  );
  const text = describeComparison(comparison);
  expect(text).toMatch(/^ {2}madv_hugepage +0 of 1$/m);
  expect(text).toMatch(/^ {2}vmas\/\*\/Rss +\d of \d$/m);
  expect(text).toMatch(/0 of 1 sequences agree, \d of \d steps, \d+ of \d+ fields$/);
});
