// What a race of one's own has staged: its threads, what must hold and what is shown, checked one by one.

import type {EndInvariant, Ending} from "../explore/index.ts";
import type {Cell, Op} from "../sim/index.ts";
import type {Careful} from "./own_kernel.ts";
import {carefulMemory} from "./own_memory.ts";
import type {OwnScene} from "./own_types.ts";
import type {Scene} from "./race.ts";
import {
  blaming,
  checkFields,
  isObject,
  kindOf,
  messageOf,
  placed,
  raceError,
  RaceError,
  type PlaceOf,
} from "./race_error.ts";

const SCENE = ["threads", "invariants", "monitors", "outcome", "shows"];

/** Schedules have a letter for each thread. */
const MOST_THREADS = 26;

export function sceneOf(scene: unknown, around: Careful, placeOf: PlaceOf): Scene {
  if (!isObject(scene) || isThenable(scene))
    throw new RaceError(
      `stage() answers ${kindOf(scene)}: it must return {threads: [...]}${isThenable(scene) ? " and cannot be async" : ""}`,
    );
  checkFields("what stage() returns", scene, SCENE);
  const {threads, invariants = [], monitors = [], outcome, shows = []} = scene as OwnScene;
  if (!Array.isArray(threads) || threads.length === 0 || threads.length > MOST_THREADS)
    throw new RaceError(
      `stage() must return threads: a list of 1 to ${MOST_THREADS} of {name, run}, and this is ${kindOf(threads)}`,
    );
  for (const [field, list] of Object.entries({invariants, monitors, shows}))
    if (!Array.isArray(list)) throw new RaceError(`${field} is ${kindOf(list)}, not a list`);
  if (outcome !== undefined && typeof outcome !== "function")
    throw new RaceError(`outcome is ${kindOf(outcome)}, not a function`);

  const broken = new Broken(placeOf);
  return {
    threads: threads.map((thread, i) => ownThread(thread, i, around, broken)),
    invariants: invariants.map((invariant) => ownInvariant(invariant, placeOf)),
    monitors,
    outcome: (ending) => {
      broken.check();
      return blaming("outcome() failed: ", placeOf, () => sayOutcome(outcome, ending));
    },
    shows: shows.map(checkShown),
  };
}

/**
 * What broke a thread. The explorer takes an error in a thread for a BUG of the code under study and goes on to its outcome;
 * there it is told that the code cannot run at all.
 */
class Broken {
  private error: RaceError | null = null;
  private readonly placeOf: PlaceOf;

  constructor(placeOf: PlaceOf) {
    this.placeOf = placeOf;
  }

  check(): void {
    if (this.error) throw this.error;
  }

  /** The error that the explorer is to see. */
  by(thread: string, error: unknown): Error {
    if (error instanceof RaceError || isSlip(error))
      this.error ??= raceError(
        `the thread "${thread}" cannot run: ${messageOf(error)}`,
        error,
        this.placeOf,
      );
    return new Error(placed(messageOf(error), error, this.placeOf), {cause: error});
  }
}

/** An error that no order of the steps makes right. Any other may be the author's way of saying that something went wrong. */
function isSlip(error: unknown): boolean {
  if (error instanceof ReferenceError || error instanceof SyntaxError) return true;
  return (
    error instanceof TypeError &&
    /is not (a function|iterable|a constructor)|not iterable/.test(error.message)
  );
}

function ownThread(
  thread: unknown,
  i: number,
  around: Careful,
  broken: Broken,
): Scene["threads"][number] {
  if (!isObject(thread))
    throw new RaceError(`threads[${i}] is ${kindOf(thread)}, not {name, run}`);
  checkFields(`threads[${i}]`, thread, ["name", "run"]);
  const {name, run} = thread as {name?: unknown; run?: unknown};
  if (typeof name !== "string" || name === "")
    throw new RaceError(
      `threads[${i}] has no name: write {name: "${String.fromCharCode(65 + i)}", run}`,
    );
  if (isObject(run) && "next" in run)
    throw new RaceError(
      `run of the thread "${name}" is a generator: give the function itself, without calling it`,
    );
  if (typeof run !== "function")
    throw new RaceError(`run of the thread "${name}" is ${kindOf(run)}, not a function*`);
  const start = () => around.thread(name, () => (run as () => Op<unknown>).call(thread));
  start();
  return {
    name,
    run() {
      const op = start();
      const next = (answer: number) => {
        try {
          return op.next(answer);
        } catch (error) {
          throw broken.by(name, error);
        }
      };
      return {next} as Op<unknown>;
    },
  };
}

function ownInvariant(invariant: unknown, placeOf: PlaceOf): EndInvariant {
  if (!isObject(invariant))
    throw new RaceError(`an invariant is {name, check}, and this is ${kindOf(invariant)}`);
  checkFields("an invariant", invariant, ["name", "check"]);
  const {name, check} = invariant as {name?: unknown; check?: unknown};
  if (typeof name !== "string" || name === "")
    throw new RaceError("an invariant has no name: say what must hold");
  if (typeof check !== "function")
    throw new RaceError(`check of the invariant "${name}" is ${kindOf(check)}, not a function`);
  return {
    name,
    check: (memory) =>
      blaming(`check of the invariant "${name}" failed: `, placeOf, () => {
        const said: unknown = check(carefulMemory(memory));
        if (said === null || said === undefined) return null;
        if (typeof said === "string" && said !== "") return said;
        throw new RaceError(
          `it answers ${kindOf(said)}, not a sentence that says what is wrong, or null`,
        );
      }),
  };
}

function sayOutcome(outcome: OwnScene["outcome"], ending: Ending): string | null {
  const said: unknown = outcome?.({...ending, memory: carefulMemory(ending.memory)});
  return said === null || said === undefined ? null : String(said as string);
}

function checkShown(shown: unknown): Cell {
  if (isObject(shown) && "address" in shown && "bytes" in shown) return shown as Cell;
  throw new RaceError(`shows has ${kindOf(shown)} in it: it is a list of cells`);
}

function isThenable(value: unknown): boolean {
  return isObject(value) && typeof value.then === "function";
}
