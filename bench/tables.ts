// The figures that the ratios come from: a table for each thing that was measured.

import {nameOf} from "./configurations.ts";
import {
  count,
  megabytes,
  median,
  milliseconds,
  seconds,
  spread,
  short,
  sum,
} from "./figures.ts";
import {table, type Column} from "./markdown.ts";
import type {BugRow, Results, SpinThrice, TraceRow, WayRow, WholeSpaceRow} from "./results.ts";
import {wholeMs, type SpinFigures} from "./spin.ts";
import type {OurFigures} from "./tailpage.ts";

const NOTHING = "–";

const CONFIGURATION: Column<WholeSpaceRow | BugRow | TraceRow> = {
  title: "configuration",
  cell: ({configuration}) => nameOf(configuration),
  left: true,
};

/** A cell of what SPIN did, empty where there is none. */
function ofSpin<Spin>(cell: (spin: Spin) => string): (row: {spin: Spin | null}) => string {
  return ({spin}) => (spin ? cell(spin) : NOTHING);
}

export function peak(figures: readonly {readonly peakKb: number | null}[]): string {
  const known = figures.flatMap(({peakKb}) => peakKb ?? []);
  return known.length > 0 ? megabytes(median(known)) : NOTHING;
}

const process = (ours: readonly OurFigures[]) => spread(ours, ({wallMs}) => wallMs, seconds);
const search = (ours: readonly OurFigures[]) =>
  spread(ours, ({elapsedMs}) => elapsedMs, seconds);
const whole = (spin: readonly SpinFigures[]) => spread(spin, wholeMs, seconds);
const runOf = (spin: readonly SpinFigures[]) => spread(spin, ({runMs}) => runMs, seconds);

function advantage(ours: readonly OurFigures[], spin: readonly SpinFigures[]): string {
  return spread(ours, ({wallMs}, i) => wholeMs(spin[i]) / wallMs, short);
}

export function wholeSpaceTimes(rows: readonly WholeSpaceRow[]): string {
  return table<WholeSpaceRow>(
    [
      CONFIGURATION,
      {title: "verdict", cell: ({ours}) => ours[0].verdict, left: true},
      {
        title: "SPIN as usual / ours",
        cell: ({ours, spin}) => (spin ? advantage(ours, spin.usual) : NOTHING),
      },
      {
        title: "SPIN's fastest / ours",
        cell: ({ours, spin}) => (spin ? advantage(ours, spin.fastest) : NOTHING),
      },
      {title: "SPIN as usual", cell: ofSpin(({usual}: SpinThrice) => whole(usual))},
      {title: "of it, the run", cell: ofSpin(({usual}: SpinThrice) => runOf(usual))},
      {title: "SPIN's fastest way", cell: ofSpin(({fastest}: SpinThrice) => whole(fastest))},
      {title: "of it, the run", cell: ofSpin(({fastest}: SpinThrice) => runOf(fastest))},
      {title: "SPIN's fastest run", cell: ofSpin(({compiled}: SpinThrice) => runOf(compiled))},
      {title: "our process", cell: ({ours}) => process(ours)},
      {title: "of it, the search", cell: ({ours}) => search(ours)},
    ],
    rows,
  );
}

export function wholeSpaceSizes(rows: readonly WholeSpaceRow[]): string {
  const rate = (states: number, ms: number): number => (states / ms) * 1000;
  return table<WholeSpaceRow>(
    [
      CONFIGURATION,
      {title: "SPIN's states", cell: ofSpin(({usual}: SpinThrice) => count(usual[0].states))},
      {
        title: "a second of its fastest run",
        cell: ofSpin(({compiled}: SpinThrice) =>
          count(median(compiled.map(({states, runMs}) => rate(states, runMs)))),
        ),
      },
      {title: "its peak as usual", cell: ofSpin(({usual}: SpinThrice) => peak(usual))},
      {title: "in its fastest way", cell: ofSpin(({fastest}: SpinThrice) => peak(fastest))},
      {title: "our states", cell: ({ours}) => count(ours[0].counts.states!)},
      {
        title: "a second of the search",
        cell: ({ours}) =>
          count(median(ours.map(({counts, elapsedMs}) => rate(counts.states!, elapsedMs)))),
      },
      {
        title: "a second of the process",
        cell: ({ours}) =>
          count(median(ours.map(({counts, wallMs}) => rate(counts.states!, wallMs)))),
      },
      {title: "our peak", cell: ({ours}) => peak(ours)},
    ],
    rows,
  );
}

export function spinWays(rows: readonly WayRow[]): string {
  return table<WayRow>(
    [
      {title: "SPIN's checker", cell: ({way}) => `\`${way}\``, left: true},
      {
        title: "generate",
        cell: ({spin}) => spread(spin, ({generateMs}) => generateMs, seconds),
      },
      {title: "compile", cell: ({spin}) => spread(spin, ({compileMs}) => compileMs, seconds)},
      {title: "run", cell: ({spin}) => runOf(spin)},
      {title: "together", cell: ({spin}) => whole(spin)},
      {title: "peak of the run", cell: ({spin}) => peak(spin)},
    ],
    rows,
  );
}

export function shortestSchedules(rows: readonly BugRow[]): string {
  return table<BugRow>(
    [
      CONFIGURATION,
      {
        title: "SPIN / ours",
        cell: ({ours, spin}) => (spin ? advantage(ours, spin) : NOTHING),
      },
      {title: "SPIN", cell: ofSpin(whole)},
      {title: "of it, the run", cell: ofSpin(runOf)},
      {title: "its schedule", cell: ofSpin(([{steps}]) => `${steps} steps`)},
      {title: "our process", cell: ({ours}) => process(ours)},
      {title: "of it, the search", cell: ({ours}) => search(ours)},
      {title: "our schedule", cell: ({ours}) => `${ours[0].steps} steps`},
      {title: "fewest preemptions", cell: ({ours}) => String(ours[0].preemptions)},
    ],
    rows,
  );
}

type HuntRow = Results["hunts"][number];

export function huntsTable(rows: readonly HuntRow[]): string {
  const schedulesOf = ({hunts}: HuntRow): number => sum(hunts.map(({schedules}) => schedules));
  const msOf = ({hunts}: HuntRow): number => sum(hunts.map(({ms}) => ms));
  return table<HuntRow>(
    [
      {title: "who", cell: ({who}) => who, left: true},
      {title: "hunts", cell: ({hunts}) => count(hunts.length)},
      {title: "schedules", cell: (row) => count(schedulesOf(row))},
      {
        title: "of them meet the BUG",
        cell: (row) => `${((100 * row.hunts.length) / schedulesOf(row)).toFixed(2)} %`,
      },
      {
        title: "schedules a hunt",
        cell: ({hunts}) => spread(hunts, ({schedules}) => schedules, count),
      },
      {title: "time a hunt", cell: ({hunts}) => spread(hunts, ({ms}) => ms, milliseconds)},
      {
        title: "schedules a second",
        cell: (row) => count((1000 * schedulesOf(row)) / msOf(row)),
      },
    ],
    rows,
  );
}

export function tracesTable(rows: readonly TraceRow[]): string {
  return table<TraceRow>(
    [
      CONFIGURATION,
      {title: "verdict", cell: ({dpor}) => dpor[0].verdict, left: true},
      {title: "executions", cell: ({dpor}) => count(dpor[0].counts.executions!)},
      {title: "blocked", cell: ({dpor}) => count(dpor[0].counts.blocked!)},
      {
        title: "executions a second of the search",
        cell: ({dpor}) =>
          spread(dpor, ({counts, elapsedMs}) => (1000 * counts.executions!) / elapsedMs, count),
      },
      {title: "process", cell: ({dpor}) => process(dpor)},
      {title: "of it, the search", cell: ({dpor}) => search(dpor)},
      {title: "peak", cell: ({dpor}) => peak(dpor)},
    ],
    rows,
  );
}
