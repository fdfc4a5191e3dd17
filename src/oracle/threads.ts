// A program whose threads run in a sandbox. The machine, what must hold and what is watched are the book's own and are judged out here; the
// sandbox is asked one question only: what does this thread do next, now that it has observed this?
//
// So the explorer searches as fast as ever: it asks once for each observation that is new.

import type {Program, Thread} from "../explore/index.ts";
import {UserError} from "../livepatch/index.ts";
import {assemble, type Linked, type Parameters, type Race} from "../races/index.ts";
import type {Machine, Op, Operation} from "../sim/index.ts";
import type {Sandbox} from "./engine.ts";
import type {Booted} from "./guest.ts";
import {operationOf} from "./operations.ts";
import {Refused} from "./refused.ts";
import {Decoder, integer, oneOf} from "./wire.ts";

/** A kernel whose code runs only in the sandbox. */
export type Shut = Pick<Linked, "livepatches" | "hashOf" | "place"> & {body(): string};

/** `ours` is v5.13, and runs here; `theirs` does not. */
export function assembleApart(
  race: Race,
  {ours, theirs}: {ours: Linked; theirs: Shut},
  parameters: Parameters,
  sandbox: Sandbox,
): Program {
  const program = assemble(race, ours, parameters);
  const booted = sandbox.boot(theirs.body(), {race: race.name, parameters});
  takeFirstState(program, booted);
  return {
    ...program,
    livepatches: theirs.livepatches.map(({name}) => name),
    code: theirs.hashOf(race.roots(parameters)),
    place: theirs.place,
    threads: shutAway(program.threads, (thread) =>
      runApart(sandbox, program.machine, {machine: integer(booted.machine), thread}),
    ),
  };
}

/** Their kernel may have booted otherwise; that is a first state like another, if it has the same words. */
function takeFirstState({machine: {memory}, threads}: Program, booted: Booted | null): void {
  const same =
    booted?.threads === threads.length &&
    JSON.stringify(booted.layout) === JSON.stringify(memory.layout()) &&
    booted.halves.length === memory.length;
  if (!same)
    throw new UserError(
      "this code sets up another machine than v5.13 does: it can only be explored where it is trusted",
    );
  for (let i = 0; i < memory.length; i++) memory.halves[i] = integer(booted.halves[i]);
}

/** Threads that are equal stay so: those with one and the same `run` (program.ts). */
function shutAway(threads: readonly Thread[], run: (thread: number) => Op<unknown>): Thread[] {
  const runs = threads.map((_, i) => () => run(i));
  return threads.map((thread) => ({
    ...thread,
    run: runs[threads.findIndex((other) => other.run === thread.run)],
  }));
}

/** One run of a thread, as a generator's `next` would make it. */
function runApart(
  sandbox: Sandbox,
  machine: Machine,
  where: {readonly machine: number; readonly thread: number},
): Op<unknown> {
  const decoder = new Decoder(machine);
  let run: number | null = null;
  let said: readonly unknown[] = [];
  let end: unknown = "step";
  let value: unknown = null;

  const next = (observed: number): IteratorResult<Operation, unknown> => {
    if (said.length === 0 && end === "step") ask(observed);
    const [first, ...rest] = said;
    said = rest;
    if (first !== undefined) return {done: false, value: operationOf(first, decoder)};
    if (end === "threw") throw new Error(String(value));
    return {done: true, value: end === "finished" ? decoder.decode(value) : undefined};
  };
  return {next} as Op<unknown>;

  function ask(observed: number): void {
    run ??= integer(sandbox.begin(where));
    const answer = sandbox.next({run, observed, traced: machine.backtraces});
    const all = (answer ?? {}) as {said?: unknown; end?: unknown; value?: unknown};
    if (!Array.isArray(all.said)) throw new Refused("nothing");
    said = all.said as unknown[];
    end = oneOf(["step", "bug", "finished", "threw"], all.end);
    value = all.value;
    if (end === "step" && said.length === 0) throw new Refused("nothing");
  }
}
