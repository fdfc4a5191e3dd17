// What breaks where the kernel no longer orders something: every schedule with store buffers, with the barrier and without it.

import {
  explore,
  type Finding,
  type Monitor,
  type Program,
  type Report,
} from "../explore/index.ts";
import {link, type Livepatch, type SourceFile} from "../livepatch/index.ts";
import {prepare} from "../livepatch/prepare.ts";
import {assemble, defaultsOf, type Parameters} from "../races/index.ts";
import type {MemoryModel} from "../sim/index.ts";
import type {Arena} from "./arenas.ts";
import type {Site} from "./sites.ts";

/** The weakest there is here. Under tso every read-modify-write has the buffer empty anyway, and stores stay in order. */
export const MODEL: MemoryModel = "pso";

/** States after which a search is given up. It is said. */
const MOST_STATES = 3_000_000;

/** A race with everything in order: what goes wrong anyway, what comes out, and where it goes. */
export type Baseline = {
  readonly race: string;
  readonly parameters: Parameters;
  /** What v5.13 is mended with, or null. */
  readonly fix: string | null;
  readonly states: number;
  readonly complete: boolean;
  /** Ids of findings. */
  readonly findings: readonly string[];
  readonly outcomes: readonly string[];
  /** `function/operation`, and each function by itself. */
  readonly reached: readonly string[];
};

/** What a race shows without the barrier, and not with it. */
export type Break = {
  readonly states: number;
  readonly complete: boolean;
  /** New ways to go wrong, the shortest first. */
  readonly findings: readonly BrokenBy[];
  /** New results of a run. */
  readonly outcomes: readonly string[];
};

type BrokenBy = Pick<Finding, "invariant" | "message" | "schedule" | "steps">;

export function baselineOf(sources: readonly SourceFile[], arena: Arena): Baseline {
  const reached = new Set<string>();
  const report = explored(sources, arena, [], reached);
  return {
    race: report.race,
    parameters: arena.parameters,
    fix: arena.fix?.name ?? null,
    states: report.counts.states!,
    complete: report.complete,
    findings: report.findings.map(({id}) => id),
    outcomes: report.outcomes,
    reached: [...reached].sort(),
  };
}

/** Is the operation made there? Of a barrier it is known only that its function is entered. */
export function isReached({reached}: Baseline, {id, function: name, orders}: Site): boolean {
  return reached.includes(orders === "barrier" ? name : id);
}

export function breakOf(
  sources: readonly SourceFile[],
  {livepatch}: Pick<Site, "livepatch">,
  arena: Arena,
  before: Pick<Baseline, "findings" | "outcomes">,
): Break {
  const {counts, complete, findings, outcomes} = explored(sources, arena, [livepatch]);
  return {
    states: counts.states!,
    complete,
    findings: findings
      .filter(({id}) => !before.findings.includes(inOrder(id)))
      .map(({invariant, message, schedule, steps}) => ({invariant, message, schedule, steps}))
      .sort((a, b) => a.steps - b.steps),
    outcomes: outcomes.filter((outcome) => !before.outcomes.includes(outcome)),
  };
}

/** A weakened operation has another name (unordered() in src/sim/atomic.ts), and what it does wrong is no news. */
function inOrder(id: string): string {
  return id.replaceAll("_relaxed", "");
}

/** Notes in `reached` which operations are made, and where. */
function explored(
  sources: readonly SourceFile[],
  {race, parameters, fix}: Arena,
  weakened: readonly Livepatch[],
  reached = new Set<string>(),
): Report {
  const livepatches = [...(fix ? [fix] : []), ...weakened];
  const linked = link(sources, prepare(sources, livepatches));
  const fresh = (): Program => {
    const program = assemble(race, linked, parameters, {asks: true});
    return {...program, monitors: [...program.monitors, lookout(reached)]};
  };
  return explore(fresh, defaultsOf(race), {
    memoryModel: MODEL,
    maxStates: MOST_STATES,
    brief: true,
  });
}

/** Sees every place in the code once, and wants to see no step. */
function lookout(reached: Set<string>): Monitor {
  const noted = ({kind}: {kind: string}, [name]: readonly string[]): false => {
    reached.add(`${name}/${kind}`).add(name);
    return false;
  };
  return {
    name: "where it goes",
    ghosts: [],
    watches: noted,
    looksAt: () => [],
    before: () => null,
  };
}
