// What an exploration answers, as plain data: the JSON of `tailpage explore`.

import type {MemoryModel} from "../sim/index.ts";

/** How a finding is reached: a schedule that `tailpage replay` understands. */
export type Path = {
  /** Accesses to shared memory. */
  readonly steps: number;
  /** Times a thread was left although it could have gone on. */
  readonly preemptions: number;
  readonly schedule: string;
};

/** One way in which the race goes wrong. */
export type Finding = Path & {
  /** Invariant, function and cell: the same for every path to it. */
  readonly id: string;
  readonly invariant: string;
  readonly message: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** No schedule that leads here has fewer steps, and none of `fewestPreemptions` fewer preemptions. False where that is not known. */
  readonly shortest: boolean;
  readonly fewestPreemptions: Path;
  /** The two steps of that schedule whose order decides; null where no single pair does. */
  readonly decides: Decides | null;
};

export type Decides = {
  /** `... of ... by ... comes before ...; the other way round it does not happen` */
  readonly sentence: string;
  readonly accesses: readonly [DecidingAccess, DecidingAccess];
  /** Places in the schedule, from 0. */
  readonly first: number;
  readonly second: number;
  /** The schedule with the two the other way round: there it does not happen. */
  readonly otherwise: string;
};

export type DecidingAccess = Omit<RacingAccess, "plain">;

/** Two accesses that may come at the same time, one of them plain. Decides the verdict only where that is asked for. */
export type DataRace = {
  /** The two accesses: the same for every schedule that leads to them. */
  readonly id: string;
  readonly accesses: readonly [RacingAccess, RacingAccess];
  /** A schedule after which both threads stand before their accesses. */
  readonly schedule: string;
};

export type RacingAccess = {
  readonly thread: string;
  readonly function: string;
  readonly kind: string;
  readonly cell: string;
  readonly plain: boolean;
};

export type Counts = {
  readonly states?: number;
  readonly transitions?: number;
  readonly executions?: number;
  readonly blocked?: number;
  /** How often a thread was asked for its next operation. */
  readonly asks?: number;
};

/** Of a report that is about a part only: part `index` of `of`, counted from 1. */
export type Shard = {
  readonly index: number;
  readonly of: number;
  /** Hash of the code that the threads can reach. */
  readonly code: string;
  /** How everything was divided; null if the search was stopped before that was known. */
  readonly plan: string | null;
};

export type Report = {
  readonly race: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly livepatches: readonly string[];
  readonly strategy: string;
  readonly memoryModel: MemoryModel;
  /** A part alone does not say that anything holds. */
  readonly verdict: "holds" | "violated" | "unknown";
  /** Every schedule within the stated parameters was covered; of a part, every schedule that belongs to it. */
  readonly complete: boolean;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  /** The distinct results that the race declares, sorted. */
  readonly outcomes: readonly string[];
  /** Where it was asked for: a schedule to each of `outcomes`, in their order; it ends where the outcome is known. */
  readonly witnesses?: readonly string[];
  /** Where it was asked for: what runs cost at the most. A measure that has no bound is not there. */
  readonly most?: readonly {
    readonly name: string;
    readonly most: number;
    readonly schedule: string;
  }[];
  readonly dataRaces: readonly DataRace[];
  readonly shard?: Shard;
  readonly elapsedMs: number;
};
