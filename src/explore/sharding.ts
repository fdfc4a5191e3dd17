// Sharding: the search in parts that know nothing of each other, for machines of their own. Together they cover every
// schedule, and some of them more than once.
//
// States would not do as parts: most of them are reached from everywhere. What can be divided is the order of two events: in
// one part the first comes before the second, in the other it does not come after it. So a part is a list of rules "b not
// before a" (partition.ts), and is explored as a program in which the thread that comes to b waits until a has been made
// (gates.ts); of the schedules on which it would have to wait for ever nothing is said here.
//
// Why nothing is missed. For every rule "b not before a" of one part there is a part, or parts, with "a not before b" and
// otherwise the rules that were there before. Take any schedule and go down from rule to rule, to where b comes after a or not
// at all, and to the other side if not: it ends in a part that has it, whole, with every step possible when it is made. And
// within a part the search is what it always is: waiting at a gate is waiting, and a thread that could go on elsewhere is never
// taken for one in a deadlock. Why nothing is added: without its gates a part's
// schedule is one of the program's.
//
// All parts must agree on the rules. So these are made from a census that is the same for all of them: the same schedules, which
// show the same nodes.

import {takeCensus} from "./census.ts";
import {Gates} from "./gates.ts";
import {partition, type Rule} from "./partition.ts";
import {plant} from "./plant.ts";
import type {Program} from "./program.ts";
import type {Shard} from "./report.ts";
import {Space} from "./space.ts";
import type {Search} from "./watch.ts";

/** Part `index` of `of`, counted from 1. */
export type PartNumber = Pick<Shard, "index" | "of">;

/** A part to be explored, and what it has in common with the others: different plans must not be mixed. */
export type Divided = {readonly space: Space; readonly plan: string};

/** Of a program that nobody has explored yet. Null if it was told to stop before it knew enough. */
export function* divided(
  program: Program,
  maxSteps: number,
  {index, of}: PartNumber,
): Search<Divided | null> {
  const half = wordFor(program);
  // A gate is passed by one thread: equal threads must not share a tree.
  const whole = new Space(program, maxSteps, {trees: plant(program, maxSteps, "apart")});
  const census = yield* takeCensus(whole);
  whole.load(0);
  if (!census) return null;
  const parts = partition(whole, census, of);
  const gates = gatesOf(whole, half, parts.at(index - 1) ?? null);
  const space = new Space(program, maxSteps, {trees: whole.trees, gates});
  return {space, plan: fingerprint(parts.map((rules) => rules.map(sayRule)))};
}

/** The first half of a word that no thread can see. */
function wordFor({machine: {memory}}: Program): number {
  return memory.reserve(2);
}

/** Without rules there is nothing to explore: everything is in other parts. */
function gatesOf({trees}: Space, half: number, rules: readonly Rule[] | null): Gates {
  const gates = new Gates(half);
  if (!rules) for (const {root} of trees) gates.add(root, {needs: 1});
  rules?.forEach(({first, second}, i) => {
    for (const node of first.nodes) gates.add(node, {opens: 1 << i});
    for (const node of second.nodes) gates.add(node, {needs: 1 << i});
  });
  return gates;
}

function sayRule({first, second}: Rule): string {
  const [a, b] = [first, second].map(
    ({thread, nodes}) => `${thread}:${nodes.map(({id}) => id).join()}`,
  );
  return `${a}<${b}`;
}

/** Of the runs that a sampler draws, the share of this part: their number, and what they are drawn from. */
export function shareOf<T extends {seed: number; runs: number}>(
  options: T,
  {index, of}: PartNumber,
): T {
  const runs = Math.floor((options.runs + of - index) / of);
  return {...options, runs, seed: options.seed + index - 1};
}

/** A short name of anything that can be said as JSON. */
export function fingerprint(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, "0");
}
