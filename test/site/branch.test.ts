// Leaving a run: who may go at a step and why not, the schedule of a branch, and what a reader is asked before a step is shown.

import {describe, expect, it} from "vitest";
import {branchOff, choices, orderBehind, sayWait} from "../../site/timeline-choices.ts";
import {cutBefore} from "../../site/timeline-cut.ts";
import {questionsOf} from "../../site/timeline-questions.ts";
import {findingsAt, plain} from "../../site/timeline-words.ts";
import {execute, parseSchedule, type Trace} from "../../src/explore/index.ts";
import {follow, program} from "../support.ts";
import {tailpage} from "../bin/command.ts";

function lostUpdate(threads: readonly number[]): Trace {
  return execute(program("lost_update")(), threads, {cpus: 2, increment: "plain"});
}

const splitting = program("smaps_vs_split");
/** Until the splitter holds the PMD's lock, and a step more of smaps. */
const contended = execute(
  splitting(),
  follow(splitting, [
    [1, 4],
    [0, 2],
  ]),
  {},
);

describe("who goes next", () => {
  it("each CPU stands before a step, and one of them is the step that the run made", () => {
    const lost = lostUpdate([0, 1, 1, 0]);
    expect(choices(lost, 0)).toEqual([
      {thread: 0, mover: 0, does: "store(shared.counter)", why: null, isStep: -1},
      {thread: 1, mover: 1, does: "load(shared.counter)", why: null, isStep: 1},
    ]);
  });

  it("a CPU that has to wait says for which lock, and who holds it", () => {
    const [smaps] = choices(contended, contended.steps.length - 1);
    expect(smaps).toMatchObject({
      does: "spin_lock(mm0.pmd_lock)",
      why: "waits for mm0.pmd_lock, held by CPU 1",
    });
  });

  it("a loop says what it waits to see changed", () => {
    const wait = {thread: 0, from: 0, to: 1, what: ["a", "b"], loops: true, holders: []};
    expect(sayWait(wait)).toBe("goes round until a or b changes");
  });

  it("a CPU that has finished cannot go; after a BUG nobody can", () => {
    const lost = lostUpdate([0, 1, 1, 0]);
    expect(choices(lost, 3).map(({why}) => why)).toEqual(["has finished", "has finished"]);
    const broken = {...lostUpdate([0, 1]), ended: true};
    expect(choices(broken, 1).map(({why}) => why)).toEqual([
      "the run has ended",
      "the run has ended",
    ]);
  });
});

describe("a branch", () => {
  const lost = lostUpdate([0, 1, 1, 0]);

  it("is the schedule up to a step, and one step of another CPU: it need not go wrong", () => {
    const schedule = branchOff(lost, 0, 0);
    expect(parseSchedule(schedule)!.threads).toEqual([0, 0]);
    const branch = execute(program("lost_update")(), [0, 0], {}, {runOn: orderBehind(lost, 0)});
    expect([lost.outcome, branch.outcome]).toEqual(["counter 1", "counter 2"]);
  });

  it("counts no barriers and no warnings as choices", () => {
    const whole = execute(splitting(), follow(splitting, [[1, Infinity]]), {});
    const barrier = whole.steps.findIndex(({shared}) => !shared);
    expect(barrier).toBeGreaterThan(0);
    expect(parseSchedule(branchOff(whole, barrier, 0))!.threads).toHaveLength(barrier + 1);
  });

  it("can be replayed in a terminal, by its schedule alone", () => {
    const {status, stdout, stderr} = tailpage("replay", branchOff(lost, 0, 0));
    expect({status, stderr}).toEqual({status: 0, stderr: ""});
    expect(stdout).toContain("shared.counter = 1");
  });

  it("runs on with the CPU that came next in the run, then the others", () => {
    expect(orderBehind(lost, 0)).toEqual([1, 0]);
    expect(orderBehind(lost, 3)).toEqual([0, 1]);
  });
});

describe("predict, then run", () => {
  const lost = lostUpdate([0, 1, 1, 0]);

  it("a run that is cut before a step gives nothing away of what comes", () => {
    const cut = cutBefore(lost, 3);
    expect(cut.steps).toHaveLength(3);
    expect(cut).toMatchObject({findings: [], outcome: null, finished: false});
    expect(findingsAt(cut, 2)).toEqual([]);
  });

  it("asks of a load what it learns, and of a store what stands there then", () => {
    const [load, store] = questionsOf(lost, [1, 3]);
    expect(plain(load.text)).toBe(
      "CPU 1’s next step is load(shared.counter). What will it learn?",
    );
    expect(plain(store.text)).toBe(
      "CPU 0’s next step is store(shared.counter). What will shared.counter hold then?",
    );
    expect(load.choices.find(({isRight}) => isRight)?.label).toBe("0");
  });

  it("the lost update: one is right, and who counts two increments gets two", () => {
    const [{choices: offered, answer}] = questionsOf(lost, [3]);
    expect(offered).toEqual([
      {label: "0", isRight: false},
      {label: "1", isRight: true},
      {label: "2", isRight: false},
    ]);
    expect(answer.map(plain)).toEqual([
      "shared.counter holds 1.",
      "CPU 1 had written it last, at step 3.",
    ]);
  });

  it("of a step that takes a lock it asks who has to wait", () => {
    const step = contended.waits[0].from;
    const [question] = questionsOf(contended, [{step, ask: "waits"}]);
    expect(question.choices).toEqual([
      {label: "CPU 0", isRight: true},
      {label: "CPU 1", isRight: false},
      {label: "nobody", isRight: false},
    ]);
    expect(question.answer.map(plain)).toEqual(["CPU 0 waits for mm0.pmd_lock."]);
  });

  it("of any step it can be asked whether it goes wrong", () => {
    const asks = questionsOf(lost, [
      {step: 2, ask: "wrong"},
      {step: 3, ask: "wrong"},
    ]);
    expect(asks.map((one) => one.choices.find(({isRight}) => isRight)?.label)).toEqual([
      "no, it goes well",
      "yes, this one",
    ]);
  });

  it("a bit is asked for as 0 or 1, a pointer with what else it has been", () => {
    const whole = execute(splitting(), follow(splitting, [[1, Infinity]]), {});
    const bit = whole.steps.findIndex(({kind}) => kind === "test_bit");
    const [{choices: bits}] = questionsOf(whole, [bit]);
    expect(bits.map(({label}) => label)).toEqual(["0", "1"]);
    const tail = whole.words.findIndex(({name}) => name === "page[3].compound_head");
    const reads = whole.steps.findLastIndex(
      ({word, learnt}) => word === tail && learnt !== null,
    );
    const [{choices: heads}] = questionsOf(whole, [reads]);
    expect(heads.map(({label}) => label)).toContain("page[0] | 1");
    expect(heads.length).toBeLessThanOrEqual(4);
  });

  it("the first step has nothing before it to be asked from, and one past the end is none", () => {
    expect(questionsOf(lost, [0, 99])).toEqual([]);
  });
});
