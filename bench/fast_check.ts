// The scenario for fast-check, whose scheduler settles promises in an order of its choosing: the splitter and one reader as
// asynchronous functions, in which each access to shared memory waits to be scheduled.

import fc, {type Scheduler} from "fast-check";
import {HUNT} from "./configurations.ts";
import type {Hunt} from "./hunt.ts";

const N = HUNT.pages;
const PRESENT = 1;
const MIGRATION = 2;

/** For each seed, schedules drawn until one meets the BUG. */
export async function huntWithFastCheck(seeds: number): Promise<Hunt[]> {
  const hunts: Hunt[] = [];
  for (let seed = 0; seed < seeds; seed++) hunts.push(await huntFrom(seed));
  return hunts;
}

async function huntFrom(seed: number): Promise<Hunt> {
  const started = performance.now();
  let schedules = 0;
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    schedules++;
    await readWhileSplitting(scheduler);
  });
  const {failed, errorInstance} = await fc.check(property, {
    seed,
    numRuns: 1_000_000,
    endOnFailure: true,
  });
  if (!failed || !(errorInstance instanceof Bug)) throw errorInstance;
  return {schedules, ms: performance.now() - started};
}

class Bug extends Error {}

async function readWhileSplitting(scheduler: Scheduler): Promise<void> {
  const memory = firstState();
  const turn = () => scheduler.schedule(Promise.resolve());
  await scheduler.waitFor(Promise.all([split(memory, turn), read(memory, turn)]));
}

type Turn = () => Promise<void>;
type Lock = {held: boolean; readonly waiting: (() => void)[]};
type Memory = ReturnType<typeof firstState>;

function firstState() {
  const lock = (): Lock => ({held: false, waiting: []});
  const each = (value: (i: number) => number) => Array.from({length: N}, (_, i) => value(i));
  return {
    PL: lock(),
    AV: lock(),
    PTL: lock(),
    head: 1,
    dm: 1,
    cm: 0,
    pte: each(() => PRESENT),
    map: each(() => 1),
    ref: each((i) => (i === 0 ? N + 1 : 0)),
    ch: each((i) => (i === 0 ? 0 : 1)),
  };
}

/** Who waits for a lock is not scheduled until it is free. */
async function take(lock: Lock, turn: Turn): Promise<void> {
  do {
    while (lock.held) await new Promise<void>((resolve) => lock.waiting.push(resolve));
    await turn();
  } while (lock.held);
  lock.held = true;
}

async function release(lock: Lock, turn: Turn): Promise<void> {
  await turn();
  lock.held = false;
  lock.waiting.splice(0).forEach((wake) => wake());
}

async function split(w: Memory, turn: Turn): Promise<void> {
  await take(w.PL, turn);
  await take(w.AV, turn);
  for (let i = 0; i < N; i++) {
    await take(w.PTL, turn);
    await turn();
    w.pte[i] = MIGRATION;
    await turn();
    w.map[i]--;
    await turn();
    w.ref[0]--;
    await release(w.PTL, turn);
  }

  await turn();
  const frozen = w.ref[0] === 1;
  if (frozen) {
    w.ref[0] = 0;
    for (let i = N - 1; i >= 1; i--) {
      await turn();
      w.ch[i] = 0;
      await turn();
      w.ref[i] = 1;
    }
    await turn();
    w.dm = 0;
    await turn();
    w.head = 0;
    await turn();
    w.ref[0] = 1;
  }

  for (let i = 0; i < N; i++) {
    await take(w.PTL, turn);
    await turn();
    w.pte[i] = PRESENT;
    await turn();
    w.map[i]++;
    await turn();
    w.ref[frozen ? i : 0]++;
    await release(w.PTL, turn);
  }
  for (let i = 1; frozen && i < N; i++) {
    await turn();
    w.ref[i]--;
  }
  await release(w.AV, turn);
  await release(w.PL, turn);
}

async function read(w: Memory, turn: Turn): Promise<void> {
  await take(w.PTL, turn);
  for (let i = 0; i < N; i++) await readEntry(w, turn, i);
  await release(w.PTL, turn);
}

async function readEntry(w: Memory, turn: Turn, i: number): Promise<void> {
  // Of pte, map, cm and dm nothing depends on the value.
  await turn();
  await turn();
  await turn();
  const compound = i === 0 ? w.head : w.ch[i];
  if (compound === 0) return;
  if (i > 0) {
    await turn();
    if (w.ch[i] === 0) throw new Bug();
  }
  await turn();
  await turn();
  if (w.head === 0) throw new Bug();
  await turn();
}
