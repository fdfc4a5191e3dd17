// Random sequences of operations: whatever is done, a machine is as it has to be. `npm run check:model` runs thousands of them; these are a
// few. And a kernel with a mistake in it does not get through.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {hunt, parts} from "../../bench/model/hunt.ts";
import {failureOf} from "../../bench/model/run.ts";
import {possible, sequences} from "../../bench/model/sequences.ts";
import {traceOf} from "../../bench/model/trace.ts";
import {
  bootChecked,
  machineOfTraces,
  OPERATION_NAMES,
  readTraces,
  runTraces,
  type Op,
} from "../../src/recorded/index.ts";
import {livepatched, v5_13} from "../support.ts";
import {recording} from "./support.ts";

const SMALL = {pages: 4, pmds: 4};

it.each(parts(300, 20))("what is to be true stays true: $size, $runs sequences", (part) => {
  expect(hunt(v5_13, part).failure).toBeNull();
});

/** Random sequences have found these, or where the kernel itself leaves something behind that one would not expect. */
const FOUND: Readonly<Record<string, string>> = {
  "the huge zero page goes when memory is short": `
    parent mmap 0 4 0, parent madv_hugepage 0 4 0, child1 fork 0 0 0, child1 read 0 1 0, child1 exit 0 0 0, parent drop_slab 0 0 0`,
  "a page that was copied is not locked any more": `
    parent mmap 0 4 0, parent mlock 0 1 0, child1 fork 0 0 0, parent uring_pin 0 4 0`,
  "a huge page that PMDs and PTEs map loses PG_double_map on its way": `
    parent mmap 0 4 0, parent madv_hugepage 0 4 0, parent write 0 4 0, child1 fork 0 0 0, parent write 0 1 0, child1 move_pages 0 4 1`,
  "what does not move of a locked range stays locked, and the range does not": `
    parent mmap 0 4 0, parent mlock 0 4 0, parent mremap_dontunmap 0 1 4`,
};

it.each(Object.entries(FOUND))("%s", (_, text) => {
  const ops = text.split(",").map((line): Op => {
    const [proc, name, ...numbers] = line.trim().split(" ");
    const [a, b, c] = numbers.map(Number);
    return {proc: proc as Op["proc"], name, a, b, c};
  });
  expect(failureOf(v5_13, SMALL, ops)).toBeNull();
});

it("everything is true after each step of what was recorded", () => {
  const traces = recording();
  const boot = bootChecked(v5_13, machineOfTraces(traces));
  const only = ["shared-anon", "pin-uring-fork", "pageout-small"];
  const {disagreements} = runTraces(traces, boot, {only});
  expect(disagreements).toEqual([]);
});

it("all operations come, but the one that the model does not do", () => {
  const drawn = fc.sample(sequences(SMALL, 24), {numRuns: 300, seed: 1}).flat();
  const names = new Set(drawn.map(({name}) => name));
  expect(OPERATION_NAMES.filter((name) => !names.has(name))).toEqual(["madv_remove"]);
});

it("nobody does anything who is not there", () => {
  const op = (proc: Op["proc"], name: string): Op => ({proc, name, a: 0, b: 1, c: 0});
  const done = [op("child1", "fork"), op("child1", "read"), op("child1", "exit")];
  const not = [op("child2", "write"), op("child2", "exit"), op("parent", "pvm_write_child")];
  expect(possible([...not, ...done, ...done, ...not])).toEqual([...done, ...done]);
});

/** Each breaks one rule: by a function that does nothing, or too much. */
const MISTAKES: Readonly<Record<string, string>> = {
  "a copy that has nothing in it": "function* copy_highpage(to, from) {}",
  "fork() lets both write to a page": "function pte_wrprotect(pte) { return pte; }",
  "fork() lets both write to a huge page": "function pmd_wrprotect(pmd) { return pmd; }",
  "fork() does not count mappings": "function* page_dup_rmap(page, compound) {}",
  "who writes takes every page for his own": "function* is_sole_page(page) { return true; }",
  "mprotect() leaves entries as they are": "function* change_pte_range(vma, start, end) {}",
  "a huge PMD lies across a border": "function* split_huge_pmd_if_needed(vma, address) {}",
  "no huge page waits to be split": "function* deferred_split_huge_page(page) {}",
  "a slot of swap space is never free": "function* swap_free(entry) {}",
  "fork() does not count slots": "function* swap_duplicate(entry) { return 0; }",
  "swap space forgets what it is given": "function* __swap_writepage(page) {}",
  "pages stay locked in memory": "function* clear_page_mlock(page) {}",
  "anon_vmas stay": "function* put_anon_vma(anon_vma) {}",
  "page tables are lost": "function pte_free(mm, table) {}",
  "pins are never put": "function* put_compound_head(head, refs, flags) {}",
  "shares are not divided": "function unshifted(pss) { return pss; }",
};

describe("a kernel with a mistake does not get through", () => {
  const drawn = fc.sample(sequences(SMALL, 24), {numRuns: 600, seed: 5});
  it.each(Object.entries(MISTAKES))("%s", (name, text) => {
    const wrong = livepatched({name, text});
    expect(drawn.some((ops) => failureOf(wrong, SMALL, ops) !== null)).toBe(true);
  });
});

it("one that fails is made small, and its file says the same when it is run", () => {
  const wrong = livepatched({name: "wrong", text: "function* swap_free(entry) {}"});
  const {failure, size} = hunt(wrong, {size: SMALL, runs: 300, seed: 1, most: 24});
  expect(failure!.ops.length).toBeLessThan(6);
  const traces = readTraces(traceOf(size, failure!));
  const boot = bootChecked(wrong, machineOfTraces(traces));
  const {disagreements} = runTraces(traces, boot);
  expect(disagreements.map(({path, model}) => `${path}: ${model}`)).toEqual(
    failure!.wrong.map((sentence) => `invariants: ${sentence}`),
  );
  const {agreed} = runTraces(traces, bootChecked(v5_13, machineOfTraces(traces)));
  expect(agreed).toBe(1);
});
