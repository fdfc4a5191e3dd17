// Livelock among threads that write while they wait: a cycle of states out of which no schedule leads.
//
// Such cycles are the strongly connected components of the state graph that nothing leaves: Tarjan, "Depth-First Search and
// Linear Graph Algorithms", SIAM Journal on Computing 1972, without recursion. Threads that wait without writing need none of
// this: they are seen when nobody can make a step (Space.judgeEnd).

import {isThread} from "./movers.ts";
import {circling} from "./findings.ts";
import type {IntList} from "./int_list.ts";
import type {Space} from "./space.ts";
import type {Search, Watch} from "./watch.ts";

/** States between two looks at the clock. */
const PATIENCE = 256;

/**
 * Notes the livelocks among `states`: all successors of theirs must be among them. False if `watch` said stop before all were
 * looked at.
 */
export function* findLivelocks(space: Space, states: IntList, watch: Watch): Search<boolean> {
  const all = yield* components(space, states, watch);
  if (!all) return false;
  let turn = 0;
  for (const component of all) {
    const inside = new Set(component);
    const moving = new Set<number>();
    let isLeft = false;
    for (const state of component) {
      if (turn++ % PATIENCE === 0 && !(yield* watch.mayGoOn())) return false;
      for (const [thread, next] of stepsOf(space, state)) {
        if (!inside.has(next)) isLeft = true;
        else if (isThread(thread)) moving.add(thread);
      }
    }
    if (isLeft || moving.size === 0) continue;
    const going = [...moving].sort().map((thread) => {
      const {operation, functions} = space.node(component[0], thread);
      return {thread, operation: operation!, functions};
    });
    const livelock = circling(space.program, going);
    for (const state of component) space.sight(livelock, {state, thread: -1});
  }
  return true;
}

/** The threads that can make a step in `state`, with the states that they lead to; ENDS is a way out as well. */
function stepsOf(space: Space, state: number): (readonly [thread: number, next: number])[] {
  return space
    .enabledThreads(state)
    .map((thread) => [thread, space.successor(state, thread)] as const);
}

type Visit = {readonly state: number; readonly steps: readonly number[]; next: number};

/** Null if `watch` said stop. */
function* components(space: Space, states: IntList, watch: Watch): Search<number[][] | null> {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found: number[][] = [];

  const enter = (state: number): Visit => {
    index.set(state, index.size);
    low.set(state, index.get(state)!);
    open.push(state);
    isOpen.add(state);
    const steps = stepsOf(space, state).map(([, next]) => next);
    return {state, steps: steps.filter((next) => next >= 0), next: 0};
  };
  const close = (state: number): void => {
    if (low.get(state) !== index.get(state)) return;
    const component = open.splice(open.lastIndexOf(state));
    component.forEach((s) => isOpen.delete(s));
    found.push(component);
  };

  let turn = 0;
  for (let i = 0; i < states.length; i++) {
    const root = states.at(i);
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      if (turn++ % PATIENCE === 0 && !(yield* watch.mayGoOn())) return null;
      const {state} = top;
      if (top.next < top.steps.length) {
        const to = top.steps[top.next++];
        if (!index.has(to)) path.push(enter(to));
        else if (isOpen.has(to)) low.set(state, Math.min(low.get(state)!, index.get(to)!));
      } else {
        path.pop();
        close(state);
        const parent = path.at(-1)?.state;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(state)!));
      }
    }
  }
  return found;
}
