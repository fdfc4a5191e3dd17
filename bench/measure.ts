// Measuring: programs run in turn, round by round, so that what slows the machine down for a while slows all of them.

import {measuresMemory, run} from "./child.ts";
import {
  EVERY_TRACE,
  HEADLINE,
  nameOf,
  TO_THE_BUG,
  WHOLE_SPACE,
  type Configuration,
} from "./configurations.ts";
import {median} from "./figures.ts";
import type {Hunt} from "./hunt.ts";
import type {FirstFinding} from "./in_process.ts";
import {describeMachine} from "./machine.ts";
import type {PartName} from "./parts.ts";
import type {BugRow, Results, TraceRow, WholeSpaceRow} from "./results.ts";
import {
  nameOfWay,
  runSpin,
  SHORTEST,
  USUAL,
  WAYS,
  wholeMs,
  whyNoSpin,
  type SpinFigures,
  type Way,
} from "./spin.ts";
import {runTailpage} from "./tailpage.ts";

export function measure(rounds: number, seeds: number): Results {
  const spinIsMissing = whyNoSpin();
  if (spinIsMissing) console.error(`bench: without SPIN: ${spinIsMissing}`);
  if (!measuresMemory)
    console.error(
      "bench: without peak memory: /usr/bin/time is missing (apt-get install time)",
    );
  const ways = spinIsMissing ? [] : tryWays(rounds);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(spinIsMissing === null),
    spinIsMissing,
    nodeAlone: times(rounds, () => run(process.execPath, ["--eval", "0"])),
    ways: ways.map(({way, spin}) => ({way: nameOfWay(way), spin})),
    wholeSpace: measureWholeSpace(rounds, ways),
    toTheBug: measureBugs(rounds, spinIsMissing === null),
    everyTrace: EVERY_TRACE.map((configuration) => measureTraces(configuration, rounds)),
    firstFinding: times(rounds, () => inNewProcess("first-finding", seeds) as FirstFinding),
    hunts: (["fast-check", "random", "pos"] as const).map((who) => ({
      who: who === "fast-check" ? who : `our ${who}`,
      hunts: inNewProcess(who, seeds) as Hunt[],
    })),
  };
}

type Tried = {readonly way: Way; readonly spin: readonly SpinFigures[]};

/** All ways once, then all of them again: what slows the machine down for a while slows all of them. */
function tryWays(rounds: number): Tried[] {
  progress(`SPIN in ${WAYS.length} ways`);
  const tried = times(rounds, () => WAYS.map((way) => runSpin(HEADLINE, way)));
  return WAYS.map((way, i) => ({way, spin: tried.map((round) => round[i])}));
}

function measureWholeSpace(rounds: number, ways: readonly Tried[]): WholeSpaceRow[] {
  return WHOLE_SPACE.map((configuration) => {
    progress(nameOf(configuration));
    if (ways.length === 0)
      return {configuration, ours: times(rounds, () => runTailpage(configuration)), spin: null};
    // What is fastest for the first configuration may not be so for one that is larger or smaller: all three compete.
    const competitors = [USUAL, best(ways, wholeMs).way, best(ways, runMs).way];
    const measured = times(rounds, () => ({
      ours: runTailpage(configuration),
      spin: competitors.map((way) => runSpin(configuration, way)),
    }));
    const tried = competitors.map((way, i) => ({way, spin: measured.map(({spin}) => spin[i])}));
    return {
      configuration,
      ours: measured.map(({ours}) => ours),
      spin: {
        usual: tried[0].spin,
        fastest: best(tried, wholeMs).spin,
        compiled: best(tried, runMs).spin,
      },
    };
  });
}

function best(ways: readonly Tried[], figure: (spin: SpinFigures) => number): Tried {
  const time = ({spin}: Tried): number => median(spin.map(figure));
  return ways.toSorted((a, b) => time(a) - time(b))[0];
}

function runMs(spin: SpinFigures): number {
  return spin.runMs;
}

function measureBugs(rounds: number, withSpin: boolean): BugRow[] {
  return TO_THE_BUG.map((configuration) => {
    progress(nameOf(configuration));
    const measured = times(rounds, () => ({
      spin: withSpin ? runSpin(configuration, SHORTEST) : null,
      ours: runTailpage(configuration),
    }));
    return {
      configuration,
      ours: measured.map(({ours}) => ours),
      spin: withSpin ? measured.flatMap(({spin}) => spin ?? []) : null,
    };
  });
}

function measureTraces(configuration: Configuration, rounds: number): TraceRow {
  progress(`every trace of ${nameOf(configuration)}`);
  return {
    configuration,
    dpor: times(rounds, () => runTailpage(configuration, "dpor")),
    stateful: runTailpage(configuration),
  };
}

/** Begins in a process that is new, so that nothing is warm from what went before. */
function inNewProcess(part: PartName, seeds: number): unknown {
  progress(part);
  const args = [process.argv[1], "--part", part, "--seeds", String(seeds)];
  const {status, stdout, stderr} = run(process.execPath, args);
  if (status !== 0) throw new Error(`${part} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function times<T>(n: number, work: () => T): T[] {
  return Array.from({length: n}, work);
}

function progress(what: string): void {
  console.error(`bench: ${what}`);
}
