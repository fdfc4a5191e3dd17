// How all schedules of a program are divided: into parts of about the same number of states, by rules of the form "this thread
// comes past here before that thread comes past there".
//
// What the parts will cost is estimated (census.ts). Wrong estimates make parts uneven, never wrong.

import {bitSet, weigh, type BitSet} from "./bits.ts";
import type {Census} from "./census.ts";
import {Futures} from "./futures.ts";
import type {Node, ObservationTree} from "./observation_tree.ts";
import type {Space} from "./space.ts";

/** A thread comes past when it makes its step at one of these nodes. */
export type Passage = {readonly thread: number; readonly nodes: readonly Node[]};

/** `second` is not made before `first`. */
export type Rule = {readonly first: Passage; readonly second: Passage};

/** In the states of the census: has the thread come past? Of some nodes that cannot be said. */
type Seen = Passage & {
  readonly before: BitSet;
  readonly after: BitSet;
  readonly either: BitSet;
};

type Part = {
  readonly rules: readonly Rule[];
  /** Of the states of the census those that are in it, and what they weigh. */
  readonly states: BitSet;
  readonly weights: Float64Array;
  /** About how many states it has; those that are in it twice, with a gate open and closed, count twice. */
  readonly cost: number;
};

type Pair = {readonly a: Seen; readonly b: Seen};

/** The bits of a word. */
const MOST_RULES = 32;
/** Passages of each thread that are tried. */
const ENOUGH_PASSAGES = 128;

/** The rules of each part, `parts` of them or as many as make sense. */
export function partition(space: Space, census: Census, parts: number): (readonly Rule[])[] {
  const {states, weights} = census;
  const pairs = pairsOf(space, states);
  const all = bitSet(states.length, (i) => states[i] >= 0);
  const whole: Part = {rules: [], states: all, weights, cost: weigh(weights, all)};
  const found = [whole];
  const divisible = new Set(found);
  while (found.length < parts && divisible.size > 0) {
    const largest = [...divisible].reduce((a, b) => (b.cost > a.cost ? b : a));
    divisible.delete(largest);
    const halves = divide(largest, pairs);
    if (!halves) continue;
    found.splice(found.indexOf(largest), 1, ...halves);
    for (const half of halves) if (half.rules.length < MOST_RULES) divisible.add(half);
  }
  return found.map(({rules}) => rules);
}

/** Two parts, the larger of them as small as can be; null if neither would be smaller. */
function divide(part: Part, pairs: readonly Pair[]): [Part, Part] | null {
  let least = part.cost;
  let best: Pair | null = null;
  for (const pair of pairs) {
    const {a, b} = pair;
    const cost = Math.max(costOf(part, a, b), costOf(part, b, a));
    if (cost >= least) continue;
    least = cost;
    best = pair;
  }
  return best && [withRule(part, best.a, best.b), withRule(part, best.b, best.a)];
}

/** Of a part in which `second` is not made before `first`. */
function costOf({states, weights, cost}: Part, first: Seen, second: Seen): number {
  const gone = weigh(weights, states, second.after, first.before);
  const twice = weigh(weights, states, first.either);
  return cost - gone + twice;
}

function withRule(part: Part, first: Seen, second: Seen): Part {
  const states = part.states.map((word, i) => word & ~(second.after[i] & first.before[i]));
  const rules = [...part.rules, {first, second}];
  return {...part, rules, states, cost: costOf(part, first, second)};
}

/** Passages of two threads with steps that conflict: their order matters anyway, so it costs the search nothing to ask for it. */
function pairsOf(space: Space, states: readonly number[]): Pair[] {
  const futures = new Futures(space);
  const passages = space.trees.map((tree, thread) =>
    passagesOf(
      tree,
      thread,
      // Whatever stands in a gap weighs nothing.
      states.map((state) => space.node(Math.max(0, state), thread)),
    ),
  );
  const all = passages.flatMap((ofOne, thread) =>
    ofOne.flatMap((a) =>
      passages
        .slice(thread + 1)
        .flat()
        .map((b) => ({a, b})),
    ),
  );
  const conflicting = all.filter(({a, b}) =>
    a.nodes.some((m) =>
      b.nodes.some((n) =>
        futures.conflicting({thread: a.thread, node: m.id}, {thread: b.thread, node: n.id}),
      ),
    ),
  );
  return conflicting.length > 0 ? conflicting : all;
}

/** Ways past a certain depth of the tree. `standing` is where the thread stands in each state of the census. */
function passagesOf(
  tree: ObservationTree,
  thread: number,
  standing: readonly Node[],
): readonly Seen[] {
  const depths = standing.map(({depth}) => depth).sort((a, b) => a - b);
  const cuts = Array.from(
    {length: ENOUGH_PASSAGES},
    (_, i) => depths[Math.floor((i * depths.length) / ENOUGH_PASSAGES)],
  );
  return [...new Set(cuts)].flatMap((depth) => {
    const nodes = tree.nodes.filter((node) => leadsPast(node, depth));
    return nodes.length > 0 ? [see({thread, nodes}, tree, standing)] : [];
  });
}

function leadsPast({kind, depth, edges}: Node, cut: number): boolean {
  return kind === "step" && depth <= cut && [...edges.values()].some((e) => e.node.depth > cut);
}

function see(passage: Passage, tree: ObservationTree, standing: readonly Node[]): Seen {
  const {nodes} = passage;
  const gate = new Set(nodes);
  const before = reach([tree.root], gate);
  const behind = nodes.flatMap((node) => [...node.edges.values()].map((edge) => edge.node));
  const after = reach(behind, new Set());
  const those = (is: (node: Node) => boolean) =>
    bitSet(standing.length, (i) => is(standing[i]));
  return {
    ...passage,
    before: those((node) => !after.has(node)),
    after: those((node) => !before.has(node)),
    either: those((node) => before.has(node) && after.has(node)),
  };
}

/** The nodes that can be reached without a step at one of `gate`. */
function reach(from: readonly Node[], gate: ReadonlySet<Node>): ReadonlySet<Node> {
  const reached = new Set(from);
  for (const node of reached) {
    if (gate.has(node)) continue;
    for (const edge of node.edges.values()) reached.add(edge.node);
  }
  return reached;
}
