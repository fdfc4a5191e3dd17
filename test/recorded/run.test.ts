// A machine that says what was recorded agrees; with one field changed, exactly that field is found.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  runTraces,
  UNCLAIMED,
  type Boot,
  type Comparison,
  type Sequence,
  type Step,
} from "../../src/recorded/index.ts";
import {FILES, playback, recording} from "./support.ts";

const file = recording();

describe.each(FILES)("a machine that says what %s says", (path) => {
  it("agrees in all 52 sequences and 392 steps", () => {
    const traces = recording(path);
    const {sequences, agreed, steps, stepsAgreed, unsupported, disagreements, fields} =
      runTraces(traces, playback(traces));
    expect({sequences, agreed, steps, stepsAgreed}).toEqual({
      ...{sequences: 52, agreed: 52, steps: 392, stepsAgreed: 392},
    });
    expect({unsupported, disagreements}).toEqual({unsupported: [], disagreements: []});
    expect(fields["vmas/*/Rss"]).toEqual({agreed: 522, of: 522});
    expect(Object.keys(fields).filter((kind) => Object.hasOwn(UNCLAIMED, kind))).toEqual([]);
  });
});

/** The same file with another step at this place; `edit` changes a copy of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is edited may become anything
function edited(sequence: number, step: number, edit: (step: any) => void): Sequence[] {
  const sequences = structuredClone(file.sequences) as Sequence[];
  edit(sequences[sequence].steps[step]);
  return sequences;
}

const compared = (sequences: readonly Sequence[]): Comparison =>
  runTraces(file, playback({sequences}));

type Leaf = {
  readonly at: readonly [sequence: number, step: number];
  readonly keys: readonly string[];
  readonly path: string;
};

/** Everything that is compared, by where it stands and how its path is written. */
const leaves: readonly Leaf[] = file.sequences.flatMap(({steps}, s) =>
  steps.flatMap((step, i) => leavesOf(step).map((leaf) => ({...leaf, at: [s, i] as const}))),
);

function leavesOf({vmstat, state}: Step): Omit<Leaf, "at">[] {
  const processes = Object.entries(state).flatMap(([process, {vmas, pages}]) => [
    ...vmas.flatMap((vma, v) =>
      Object.keys(vma)
        .filter((field) => !["from", "to"].includes(field))
        .map((field) => ({
          keys: ["state", process, "vmas", String(v), field],
          path: `state/${process}/vmas/${vma.from}-${vma.to}/${field}`,
        })),
    ),
    ...Object.keys(pages)
      .filter((name) => name !== "flags")
      .map((name) => path("state", process, "pages", name)),
    ...Object.keys(pages.flags).map((flag) => path("state", process, "pages", "flags", flag)),
  ]);
  return [
    path("ret"),
    path("err"),
    ...Object.keys(vmstat).map((name) => path("vmstat", name)),
    ...processes,
  ];
}

function path(...keys: string[]): Omit<Leaf, "at"> {
  return {keys, path: keys.join("/")};
}

/** Another value of the same kind. Of runs: without the last, or one page shorter, or with another value. */
function other(value: unknown, choice: number): unknown {
  if (typeof value === "number") return value + 1 + (choice % 7);
  if (typeof value === "string") return `${value} zz`;
  const runs = value as number[][];
  const last = runs.at(-1)!;
  if (choice % 3 === 0) return runs.slice(0, -1);
  if (choice % 3 === 1 && last[1] > 1) return [...runs.slice(0, -1), last.with(1, last[1] - 1)];
  return last.length > 2
    ? [...runs.slice(0, -1), last.with(2, last[2] + 1)]
    : runs.toSpliced(-1, 1);
}

function changedStep(step: Step, keys: readonly string[], choice: number): Step {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any of its parts
  const copy = structuredClone(step) as any;
  const owner = keys.slice(0, -1).reduce((part, key) => part[key], copy);
  owner[keys.at(-1)!] = other(owner[keys.at(-1)!], choice);
  return copy;
}

it("one value changed anywhere is one disagreement, at its path", () => {
  expect(leaves.length).toBeGreaterThan(10_000);
  fc.assert(
    fc.property(fc.constantFrom(...leaves), fc.nat(), ({at: [s, i], keys, path}, choice) => {
      const {name, steps} = file.sequences[s];
      const changed = changedStep(steps[i], keys, choice);
      const sequence = {...file.sequences[s], steps: steps.with(i, changed)};
      const {stepsAgreed, disagreements} = runTraces(file, playback({sequences: [sequence]}), {
        only: [name],
      });
      expect(stepsAgreed).toBe(steps.length - 1);
      expect(disagreements).toHaveLength(1);
      expect(disagreements[0]).toMatchObject({
        ...{sequence: name, step: i, op: steps[i].op.name, path},
      });
    }),
    {numRuns: 300},
  );
});

const named = (name: string) => file.sequences.findIndex((sequence) => sequence.name === name);

describe("a disagreement", () => {
  it("of runs names the first page that differs, and shows the runs around it", () => {
    const {disagreements} = compared(
      edited(0, 2, ({state}) => (state.parent.pages.mapcount = [[0, 4, 1], [4, 1, 2], [5, 507, 1]])), // prettier-ignore
    );
    expect(disagreements).toEqual([
      {
        ...{sequence: "first-write-thp", step: 2, op: "write", process: "parent"},
        ...{path: "state/parent/pages/mapcount", page: 4},
        ...{kernel: "[[0,512,1]]", model: "[[0,4,1],[4,1,2],[5,507,1]]"},
      },
    ]);
  });

  it("is none where runs are cut otherwise and mean the same", () => {
    const {agreed} = compared(
      edited(0, 2, ({state}) => (state.parent.pages.present = [[256, 256], [0, 256]])), // prettier-ignore
    );
    expect(agreed).toBe(52);
  });

  it("of a VMA that is missing or one too many is one, whatever is in it", () => {
    const {disagreements} = compared(
      edited(0, 1, ({state}) => {
        const [vma] = state.parent.vmas;
        state.parent.vmas = [{...vma, to: 256}];
      }),
    );
    expect(disagreements.map(({path, kernel, model}) => [path, kernel, model])).toEqual([
      ["state/parent/vmas/0-512", "there", null],
      ["state/parent/vmas/0-256", null, "there"],
    ]);
  });

  it("of a process that is missing is one", () => {
    const s = named("fork-small-cow");
    const i = file.sequences[s].steps.findIndex(({op}) => op.name === "fork");
    const {disagreements} = compared(edited(s, i, ({state}) => delete state.child1));
    expect(disagreements.map(({path, process}) => [path, process])).toEqual([
      ["state/child1", "child1"],
    ]);
  });

  it("is none where the recording is unstable", () => {
    const s = named("clear-refs");
    const {agreed} = compared(
      edited(s, 4, ({state}) => {
        state.parent.vmas[0].Referenced = 4;
        state.parent.pages.flags.REFERENCED = [[0, 1]];
      }),
    );
    expect(agreed).toBe(52);
  });

  it("is none in what is unstable as a whole", () => {
    const [{steps}] = file.sequences;
    const unstable = ["ret", "state/parent/vmas", "state/parent/pages"];
    const changed = {...steps[2], ret: -1, state: steps[0].state};
    const sequence = {...file.sequences[0], steps: [{...steps[2], unstable}]};
    const {agreed, fields} = runTraces(
      {...file, sequences: [sequence]},
      playback({sequences: [{...sequence, steps: [changed]}]}),
    );
    expect(agreed).toBe(1);
    expect(Object.keys(fields)).toContain("err");
    expect(Object.keys(fields)).not.toContain("ret");
  });

  it("is none where the recording has no such counter or field", () => {
    const {agreed} = compared(
      edited(0, 2, ({vmstat, state}) => {
        vmstat.pgfault = 1;
        state.parent.vmas[0].Pss_Dirty = 0;
      }),
    );
    expect(agreed).toBe(52);
  });

  it("is there where a recorded counter should not have changed", () => {
    const {disagreements} = compared(edited(0, 0, ({vmstat}) => (vmstat.thp_split_pmd = 1)));
    expect(disagreements).toMatchObject([
      {path: "vmstat/thp_split_pmd", kernel: 0, model: 1, process: "parent"},
    ]);
  });
});

/** A machine as `boot` makes them, but of one operation. */
function except(name: string, otherwise: () => "unsupported"): Boot {
  const boot = playback(file);
  return () => {
    const machine = boot();
    return {...machine, do: (op) => (op.name === name ? otherwise() : machine.do(op))};
  };
}

it("after an operation that is not supported the sequence is not run, and does not agree", () => {
  const {agreed, stepsAgreed, unsupported, disagreements} = runTraces(
    file,
    except("fork", () => "unsupported"),
  );
  const forking = file.sequences.filter(({steps}) => steps.some(({op}) => op.name === "fork"));
  const before = (steps: readonly Step[]) => steps.findIndex(({op}) => op.name === "fork");
  const lost = forking.reduce((sum, {steps}) => sum + steps.length - before(steps), 0);
  expect({agreed, stepsAgreed}).toEqual({agreed: 52 - forking.length, stepsAgreed: 392 - lost});
  expect(unsupported).toEqual(
    forking.map(({name, steps}) => ({sequence: name, step: before(steps), op: "fork"})),
  );
  expect(disagreements).toEqual([]);
});

it("a machine that dies disagrees, and its sequence is over", () => {
  const told: string[] = [];
  const boot = except("exit", () => {
    throw new Error("VM_BUG_ON_PAGE(!PageHead(page)) (page[3])");
  });
  const {agreed, disagreements} = runTraces(file, boot, {
    onCrash: (_error, {sequence}) => told.push(sequence),
  });
  expect(agreed).toBe(52 - told.length);
  expect(disagreements).toHaveLength(told.length);
  expect(disagreements[0]).toMatchObject({
    ...{op: "exit", path: "crash", kernel: null},
    model: "VM_BUG_ON_PAGE(!PageHead(page)) (page[3])",
  });
});

it("only sequences that are named are run", () => {
  const only = ["mlock-thp", "clear-refs"];
  const chosen = file.sequences.filter(({name}) => only.includes(name));
  const {sequences, agreed} = runTraces(file, playback({sequences: chosen}), {only});
  expect({sequences, agreed}).toEqual({sequences: 2, agreed: 2});
});
