// The page of results: ratios, then the figures that they come from, then what they mean and what they do not.

import {HUNT, nameOf} from "./configurations.ts";
import {median, milliseconds, spread} from "./figures.ts";
import {ratios} from "./ratios.ts";
import type {Machine, Results} from "./results.ts";
import {
  huntsTable,
  peak,
  shortestSchedules,
  spinWays,
  tracesTable,
  wholeSpaceSizes,
  wholeSpaceTimes,
} from "./tables.ts";

export function describe(results: Results): string {
  const {date, machine, spinIsMissing, ways, wholeSpace, toTheBug, hunts, everyTrace} = results;
  const rounds = wholeSpace[0].ours.length;
  return `${[
    "# The explorer beside SPIN and fast-check",
    ABOUT,
    `Measured on ${date}, rounds: ${rounds}. ${describeMachine(machine)}.`,
    ...(spinIsMissing ? [`**Without SPIN: ${spinIsMissing}.**`] : []),
    "## Ratios",
    "Above 1 we are better. The median of the rounds, and their range.",
    ratios(results),
    "## The whole space",
    wholeSpaceTimes(wholeSpace),
    wholeSpaceSizes(wholeSpace),
    ...(ways.length > 0 ? [describeWays(results), spinWays(ways)] : []),
    "## To the BUG by a shortest schedule",
    shortestSchedules(toTheBug),
    describeFirstFinding(results),
    "## Drawing schedules until one meets the BUG",
    `One hunt a seed, on ${nameOf(HUNT)}.`,
    huntsTable(hunts),
    "## Every trace once",
    tracesTable(everyTrace),
    "## What is compared, and what cannot be",
    notes(results),
  ].join("\n\n")}\n`;
}

const ABOUT = `\`npm run bench\` measures this and writes this page (\`npm run bench -- --rounds 5\` for more rounds). SPIN needs Debian's packages \`spin\`
and \`gcc\`, peak memory \`time\`; without them their figures are missing. The race is \`checker_scenario\`: S splits a huge page, each R reads, each G takes a reference. For SPIN it is
\`scenario.pml\`, for fast-check \`fast_check.ts\`. Programs run in turn: SPIN, ours, SPIN, ours.`;

function describeMachine(machine: Machine): string {
  const {processor, cores, load, memoryGb, system, node, fastCheck, spin, gcc} = machine;
  const tools = [`Node ${node}`, spin, gcc, `fast-check ${fastCheck}`].filter(Boolean);
  return `${processor}, ${cores} cores, ${memoryGb} GB of memory, ${system}; ${tools.join(", ")}. Load when it began: ${load.toFixed(1)}`;
}

function describeWays({wholeSpace}: Results): string {
  return `SPIN on ${nameOf(wholeSpace[0].configuration)}, its checker compiled and run in every way that was tried. "As usual" is \`-O2\`. That, the way that is
fastest here together and the one whose run is fastest here were tried on all configurations: "fastest way" and "fastest run" are the best of these three there.`;
}

function describeFirstFinding({firstFinding}: Results): string {
  const [{steps, preemptions}] = firstFinding;
  const first = spread(firstFinding, ({firstMs}) => firstMs, milliseconds);
  const warm = spread(firstFinding, ({warmMs}) => median(warmMs), milliseconds);
  return `In process, ${nameOf(HUNT)}, from linking the kernel to the verdict with the shortest schedule (${steps} steps) and the one with the
fewest preemptions (${preemptions}): the first call in a new process ${first}, a call when warm ${warm}.`;
}

function notes({nodeAlone}: Results): string {
  const start = spread(nodeAlone, ({wallMs}) => wallMs, milliseconds);
  return `- **SPIN's time** is what somebody waits for who has changed the model: \`spin -a\`, \`gcc\`, and the run. It compiles a checker for each model, so
  that hardly less is needed for a small one. **Our process** is \`node dist/tailpage.js explore ... --json\` as a whole: starting Node (${start}), linking the kernel,
  the search, and for a finding its two best schedules. **The search** is what the command itself says of that (\`elapsedMs\`).
- For a model that is compiled once and run many times, compare **SPIN's fastest run**.
- **States** are no measure of speed: SPIN's reduction of partial orders finds nothing to leave out, as each step is on shared words. Ours leaves out
  steps where one thread's commutes with all that the others may still do, and takes two histories for one where they differ in what was forgotten. So
  states a second of one are not states a second of the other; what can be compared is the time to the same verdict.
- **SPIN's model forgetful**: a state of SPIN holds what the threads' variables hold. In the model as it is compared they are cleared where a thread
  ends, since others have counted it that way. Clearing them where they are used for the last time gives SPIN fewer states; one has to think of it.
- **Peak** is the largest resident set of the run, not of the compiler. SPIN makes its table of states beforehand, for 2^24 of them unless it is told
  otherwise: \`-w20\` is what somebody would say who expects about a million. Node alone needs ${peak(nodeAlone)}.
- **To the BUG**: SPIN searches breadth first, which gives a shortest schedule, and stops there. Ours covers everything that can happen, then looks for
  the shortest schedule and the one with the fewest preemptions, which SPIN does not count.
- **Drawing schedules**: fast-check settles promises and draws from all that wait, as our \`random\` draws from all threads that can run; \`pos\` looks at
  what is in conflict. Each hunt begins with nothing known. Ratios are of means over all hunts.
- **Every trace** once is nothing that SPIN or fast-check do.
- The benchmark fails, and writes no page, unless all verdicts agree in every round, and the shortest schedules have the same length.`;
}
