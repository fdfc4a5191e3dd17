// The pure parts of the timeline: what is where at a step, who holds what, and what the sentences say.

import {describe, expect, it} from "vitest";
import {held, heldAt, rows} from "../../site/timeline-held.ts";
import {along, layoutLanes, stepNear, xy} from "../../site/timeline-layout.ts";
import {groupWords, stateAt} from "../../site/timeline-state.ts";
import {
  neighbours,
  nextFinding,
  nextSwitch,
  overtaken,
  previousSwitch,
  runs,
} from "../../site/timeline-steps.ts";
import {
  findingsAt,
  plain,
  stepInWords,
  whatComesNext,
  whatWasOvertaken,
  whoCares,
  whoHolds,
} from "../../site/timeline-words.ts";
import type {Step, Trace, TraceFinding} from "../../src/explore/trace.ts";

const names = [
  "page[0]._refcount",
  "page[0].flags",
  "page[3].compound_head",
  "mm0.ptl",
  "mm0.pmd",
];

/** `thread kind word[=value] function`: a step with a value changes its word to it. */
function step(line: string): Step {
  const [thread, kind = "", target = "", name = "somewhere"] = line.split(" ");
  const [word = "", value] = target.split("=");
  const index = names.indexOf(word);
  return {
    thread: Number(thread),
    kind,
    shared: index >= 0,
    word: index,
    text: `${kind} ${word}`,
    observed: value === undefined && index >= 0 ? 7 : null,
    learnt: value === undefined && index >= 0 ? "7" : null,
    changes: value === undefined ? [] : [{word: index, value: Number(value), text: value}],
    places: [{function: name, file: "src/mm/util.ts", line: 3}],
  };
}

function trace(
  lines: readonly string[],
  findings: readonly Partial<TraceFinding>[] = [],
): Trace {
  const finding = {
    id: "a",
    invariant: "no BUG",
    message: "it broke",
    function: "f",
    file: "a.ts",
  };
  const rest = {line: 1, step: 0, thread: 0, dump: []};
  return {
    race: "smaps_vs_split",
    parameters: {},
    livepatches: [],
    schedule: "",
    threads: [{name: "smaps"}, {name: "madvise"}],
    words: names.map((name) => {
      const [group = "", field = ""] = name.split(".");
      return {name, group, field, value: 1, text: "1"};
    }),
    steps: lines.map(step),
    waits: [],
    next: [null, null],
    ended: false,
    finished: false,
    findings: findings.map((each) => ({...finding, ...rest, ...each})),
    outcome: null,
    warning: null,
  };
}

describe("moving", () => {
  const switches = trace(["0 load a", "0 load a", "1 load a", "1 load a", "0 load a"]);

  it("a run is the steps of one CPU in a row", () => {
    expect(runs(switches).map(({from, to}) => [from, to])).toEqual([
      [0, 1],
      [2, 3],
      [4, 4],
    ]);
  });

  it("the next switch is where another CPU takes over, and in the end the last step", () => {
    expect([0, 1, 2, 4].map((at) => nextSwitch(switches, at))).toEqual([2, 2, 4, 4]);
  });

  it("the previous switch is where this CPU took over, then where the one before it did", () => {
    expect([3, 2, 1, 0].map((at) => previousSwitch(switches, at))).toEqual([2, 0, 0, 0]);
  });

  it("from the last finding the way leads to the first one again", () => {
    const two = trace(["0 load a", "0 load a", "0 load a"], [{step: 2}, {step: 1}]);
    expect([0, 1, 2].map((at) => nextFinding(two, at))).toEqual([1, 2, 1]);
    expect(nextFinding(switches, 0)).toBe(-1);
  });

  it("a finding past the last step is told at the last step", () => {
    const late = trace(["0 load a", "0 load a"], [{step: 9}]);
    expect(nextFinding(late, 0)).toBe(1);
    expect(findingsAt(late, 1)).toHaveLength(1);
  });
});

describe("memory as of a step", () => {
  const two = trace([
    "0 atomic_inc page[0]._refcount=2",
    "0 atomic_read page[0]._refcount",
    "1 atomic_inc page[0]._refcount=3",
  ]);

  it("is the first state before the first step", () => {
    expect(stateAt(two, -1)[0]).toEqual({
      text: "1",
      before: null,
      touched: false,
      names: null,
    });
  });

  it("knows what a word said until the step changed it", () => {
    expect(stateAt(two, 2)[0]).toEqual({text: "3", before: "2", touched: true, names: null});
  });

  it("tells a word that was read from one that was left alone", () => {
    expect(stateAt(two, 1)[0]).toEqual({text: "2", before: null, touched: true, names: null});
    expect(stateAt(two, 1)[1]?.touched).toBe(false);
  });

  it("folds away the words that no step touches", () => {
    const groups = groupWords(two);
    expect(groups.pages.map(({name}) => name)).toEqual(["page[0]"]);
    expect(groups.pages[0]?.words.map(({label}) => label)).toEqual(["_refcount"]);
    expect(groups.others).toEqual([]);
    expect(groups.quiet.map(({name}) => name)).toEqual(["page[0]", "page[3]", "mm0"]);
  });

  it("puts the struct pages in the order of their numbers", () => {
    const {pages} = groupWords(trace(["0 load page[3].compound_head", "0 load page[0].flags"]));
    expect(pages.map(({name}) => name)).toEqual(["page[0]", "page[3]"]);
  });
});

describe("what is held", () => {
  it("a spinlock, from spin_lock to the holder's spin_unlock", () => {
    const [ptl] = held(
      trace(["0 spin_lock mm0.ptl=1", "1 load mm0.pmd", "0 spin_unlock mm0.ptl=0"]),
    );
    expect(ptl).toMatchObject({name: "mm0.ptl", thread: 0, from: 0, to: 2, released: true});
  });

  it("a page lock, by trylock_page as well as by lock_page", () => {
    const lines = [
      "1 test_and_set_bit page[0].flags=1 trylock_page",
      "1 clear_bit_unlock page[0].flags=0 unlock_page",
      "0 wait_on_bit_lock page[0].flags=1 lock_page",
    ];
    const all = held(trace(lines));
    expect(all.map(({name, thread}) => `${thread} ${name}`)).toEqual([
      "1 page[0] lock",
      "0 page[0] lock",
    ]);
    expect(all.map(({released}) => released)).toEqual([true, false]);
  });

  it("not by a trylock that failed, nor by a flag that is no lock", () => {
    const lines = [
      "1 test_and_set_bit page[0].flags trylock_page",
      "1 spin_trylock mm0.ptl",
      "1 test_and_set_bit page[0].flags=64 SetPageDirty",
    ];
    expect(held(trace(lines))).toEqual([]);
  });

  it("a semaphore says whether for reading or for writing", () => {
    const [sem] = held(trace(["0 down_read mm0.ptl=1"]));
    expect(sem?.name).toBe("mm0.ptl, for reading");
  });

  it("interrupts that are off", () => {
    const [off] = held(trace(["1 local_irq_disable", "1 load mm0.pmd", "1 local_irq_enable"]));
    expect(off).toMatchObject({what: "irqs", from: 0, to: 2, released: true});
  });

  it("a page is frozen from page_ref_freeze until its count is no longer 0", () => {
    const lines = [
      "1 atomic_try_cmpxchg page[0]._refcount=0 page_ref_freeze",
      "0 atomic_read page[0]._refcount",
      "1 atomic_inc page[0]._refcount=1 page_ref_inc",
    ];
    const all = held(trace(lines));
    expect(all).toMatchObject([{what: "frozen", group: "page[0]", from: 0, to: 2}]);
    expect([0, 1, 2].map((at) => heldAt(all, at).length)).toEqual([1, 1, 0]);
  });

  it("a count that put_page brings to 0 is not frozen", () => {
    expect(held(trace(["0 atomic_dec_and_test page[0]._refcount=0 put_page"]))).toEqual([]);
  });

  it("what is never released is held to the end", () => {
    const all = held(trace(["0 spin_lock mm0.ptl=1", "0 load mm0.pmd"]));
    expect(heldAt(all, 1)).toHaveLength(1);
  });

  it("bars that overlap stand in rows of their own, and rows are used again", () => {
    const bar = (from: number, to: number) => ({
      ...held(trace(["0 spin_lock mm0.ptl=1"]))[0],
      from,
      to,
    });
    expect(rows([bar(0, 9), bar(1, 3), bar(2, 4), bar(5, 6)])).toEqual([0, 1, 2, 1]);
  });
});

describe("what matters to whom", () => {
  const race = trace([
    "0 READ_ONCE page[3].compound_head",
    "1 load mm0.pmd",
    "1 WRITE_ONCE page[3].compound_head=0",
    "0 READ_ONCE page[3].compound_head",
    "0 READ_ONCE page[3].compound_head",
  ]);

  it("a change matters to the CPU that read the word before and reads it again", () => {
    expect(neighbours(race, 2)).toEqual({before: 0, after: 3});
    expect(whoCares(race, 2).map(plain)).toEqual([
      "CPU 0 read page[3].compound_head before, at step 1.",
      "CPU 0 reads page[3].compound_head after it, at step 4.",
    ]);
  });

  it("a store matters even where it stores what stood there already", () => {
    const same = trace(["0 load mm0.pmd", "1 store mm0.pmd=1"]);
    const stored = {...same.steps[1], changes: []};
    const lost = {...same, steps: [same.steps[0], stored]};
    expect(neighbours(lost, 0)).toEqual({before: -1, after: 1});
  });

  it("two reads do not matter to each other", () => {
    const reads = trace(["0 load mm0.pmd", "1 load mm0.pmd"]);
    expect(neighbours(reads, 0)).toEqual({before: -1, after: -1});
  });

  it("an answer is overtaken when another CPU changes the word after it was read", () => {
    expect(overtaken(race, 0, 1)).toEqual([]);
    expect(overtaken(race, 0, 4)).toEqual([{word: 2, read: 0, changed: 2}]);
    expect(whatWasOvertaken(race, trace([], [{step: 4}]).findings[0]).map(plain)).toEqual([
      "CPU 0 read page[3].compound_head at step 1; CPU 1 changed it at step 3.",
    ]);
  });

  it("a CPU does not overtake itself", () => {
    const own = trace(["0 load mm0.pmd", "0 store mm0.pmd=2"]);
    expect(overtaken(own, 0, 1)).toEqual([]);
  });
});

describe("in words", () => {
  it("a step says who did what in which function, and what was found", () => {
    const one = trace(["1 load mm0.pmd pmd_lock"], [{step: 0}]);
    expect(stepInWords(one, 0)).toBe(
      "CPU 1 (madvise): load mm0.pmd in pmd_lock. Found: it broke",
    );
  });

  it("says when another CPU takes over", () => {
    const two = trace(["0 load mm0.pmd", "1 load mm0.pmd"]);
    expect(plain(whatComesNext(two, 0)!)).toBe("Next, CPU 1 takes over: load mm0.pmd.");
    expect(whatComesNext(two, 1)).toBeNull();
  });

  it("says who holds what", () => {
    const one = trace(["0 spin_lock mm0.ptl=1", "1 local_irq_disable"]);
    expect(whoHolds(one, held(one), 1).map(plain)).toEqual([
      "CPU 0 holds mm0.ptl",
      "CPU 1 holds interrupts off",
    ]);
  });
});

describe("where things stand", () => {
  const two = trace(["0 spin_lock mm0.ptl=1", "1 load mm0.pmd", "0 spin_unlock mm0.ptl=0"]);
  const wide = layoutLanes(two, held(two), false);
  const turned = layoutLanes(two, held(two), true);

  it("time runs to the right, and down where the picture is turned", () => {
    expect(xy(wide, along(wide, 2), 5)).toEqual([along(wide, 2), 5]);
    expect(xy(turned, along(turned, 2), 5)).toEqual([5, along(turned, 2)]);
  });

  it("a click goes to the nearest step, beyond the ends to the first and the last", () => {
    expect(stepNear(wide, along(wide, 1) + 3, 3)).toBe(1);
    expect([stepNear(wide, -50, 3), stepNear(wide, 5000, 3)]).toEqual([0, 2]);
  });

  it("bars lie below the marks of their lane and above the next lane", () => {
    const [bar] = wide.bars;
    expect(bar.across).toBeGreaterThan(wide.lanes[0]);
    expect(bar.across + wide.barBreadth).toBeLessThan(wide.lanes[1]);
  });
});
