import type {Edge, Node, Tree, ObservationTree} from "./observation_tree.ts";
import {sample} from "./sampling.ts";
import {Space} from "./space.ts";
import type {Search} from "./watch.ts";

/** Part `index` of `of`, counted from 1. */
export type Shard = {readonly index: number; readonly of: number};

export type Fork = {readonly number: number; readonly next: ReadonlyMap<number, Way>; readonly other: number};
export type Way = Fork | number;
export type Plan = {readonly thread: number; readonly way: Way; leaves: number; forks: number; cost: number[]; total: number};

export class TreeOfPart implements Tree {
  readonly root: Node;
  readonly nodes: Node[] = [];
  edges = 0;
  readonly rootEvents: Tree["rootEvents"];
  private readonly whole: ObservationTree;
  private readonly part: number;
  private readonly bases: Node[] = [];
  private readonly ways: Way[] = [];
  private readonly known = new Map<string, Node>();

  constructor(whole: ObservationTree, way: Way, part: number) {
    this.whole = whole;
    this.part = part;
    this.root = this.nodeOf(whole.root, way);
    this.rootEvents = whole.rootEvents;
  }
  get asks() { return this.whole.asks; }
  get goesRound() { return this.whole.goesRound; }
  get nondeterministic() { return this.whole.nondeterministic; }
  verify() { this.whole.verify(); }

  edge(node: Node, value: number): Edge {
    let edge = node.edges.get(value);
    if (!edge) {
      edge = this.follow(node, value);
      this.edges++;
      node.edges.set(value, edge);
    }
    return edge;
  }

  private follow(node: Node, value: number): Edge {
    const {node: to, events} = this.whole.edge(this.bases[node.id], value);
    const before = this.ways[node.id];
    if (typeof before === "number" || to.kind === "bug") return {node: this.nodeOf(to, this.part), events};
    const now = before.next.get(value) ?? before.other;
    if (now !== this.part && !partsOf(now).has(this.part)) return {node: this.elsewhere(to), events: []};
    return {node: this.nodeOf(to, onlyPart(now) ?? now), events};
  }

  private elsewhere(to: Node): Node {
    return this.add("elsewhere", {...to, kind: "elsewhere", transition: null, operation: null, watched: null, failure: null, watchers: [], turn: null}, to, this.part);
  }
  private nodeOf(base: Node, way: Way): Node {
    return this.add(`${base.id} ${typeof way === "number" ? "" : way.number}`, base, base, way);
  }
  private add(key: string, like: Node, base: Node, way: Way): Node {
    let node = this.known.get(key);
    if (!node) {
      node = {...like, id: this.nodes.length, number: this.whole.nextNumber(), edges: new Map()};
      this.nodes.push(node);
      this.bases.push(base);
      this.ways.push(way);
      this.known.set(key, node);
    }
    return node;
  }
}

function partsOf(way: Way, into = new Set<number>()): Set<number> {
  if (typeof way === "number") return into.add(way);
  into.add(way.other);
  for (const next of way.next.values()) partsOf(next, into);
  return into;
}
function onlyPart(way: Way): number | null {
  const parts = partsOf(way);
  return parts.size === 1 ? [...parts][0] : null;
}

export const knobs = {runs: 64, leaves: 32, thread: -1, debug: 0};

export function* partOf(whole: Space, shard: Shard, maxSteps: number): Search<Space> {
  yield* sample(whole, "pos", {seed: 1, runs: knobs.runs, depth: 3, maxStates: 1e9, maxSeconds: Infinity});
  const plan = planOf(whole, shard.of);
  whole.load(0);
  const trees = whole.trees.map((tree, t) => t === plan.thread ? new TreeOfPart(tree as ObservationTree, plan.way, shard.index) : tree);
  return new Space(whole.program, maxSteps, trees);
}

export function planOf(space: Space, of: number): Plan {
  const plans = space.trees.map((_, t) => planFor(space, t, of)).filter((p) => knobs.thread < 0 || p.thread === knobs.thread);
  if (knobs.debug) for (const p of plans) console.log("  candidate", p.thread, "leaves", p.leaves, "forks", p.forks, "cost", p.cost.map((c) => (c / p.total).toFixed(2)).join(" "));
  return plans.reduce((best, p) => Math.max(...p.cost) < Math.max(...best.cost) ? p : best);
}

type Leaf = {node: Node; part: number; children: Map<number, Leaf> | null; size: number; up: Leaf | null; seen: Set<number>};

function planFor(space: Space, thread: number, of: number): Plan {
  const tree = space.trees[thread];
  const weight = new Float64Array(tree.nodes.length);
  for (let s = 0; s < space.size; s++) weight[space.nodeId(s, thread)]++;
  const memo = new Map<Node, number[]>();
  const size = (node: Node) => reach(node, memo).reduce((sum, id) => sum + weight[id], 0);
  const leafAt = (node: Node, up: Leaf | null): Leaf => ({node, part: 0, children: null, size: size(node), up, seen: new Set()});
  const root = leafAt(tree.root, null);
  let leaves = [root];
  while (leaves.length < knobs.leaves * of) {
    const open = leaves.filter((l) => l.node.edges.size > 0);
    if (open.length === 0) break;
    const heaviest = open.reduce((a, b) => (b.size > a.size ? b : a));
    heaviest.children = new Map([...heaviest.node.edges].map(([v, {node}]) => [v, leafAt(node, heaviest)]));
    leaves = leaves.filter((l) => l !== heaviest).concat([...heaviest.children.values()]);
    if (leaves.length > 10000) break;
  }
  const sets = Array.from({length: of}, () => new Uint8Array(tree.nodes.length));
  const cost = new Array<number>(of).fill(0);
  for (const leaf of [...leaves].sort((a, b) => b.size - a.size)) {
    const ids = reach(leaf.node, memo);
    let best = 0, least = Infinity;
    sets.forEach((set, i) => {
      let c = cost[i];
      for (const id of ids) if (!set[id]) c += weight[id];
      for (let up = leaf.up; up && !up.seen.has(i); up = up.up) c += weight[up.node.id];
      if (c < least) { best = i; least = c; }
    });
    for (const id of ids) sets[best][id] = 1;
    for (let up = leaf.up; up && !up.seen.has(best); up = up.up) up.seen.add(best);
    cost[best] = least;
    leaf.part = best + 1;
  }
  let forks = 0;
  const wayOf = (leaf: Leaf): Way => {
    if (!leaf.children) return leaf.part;
    const next = new Map([...leaf.children].map(([v, l]) => [v, wayOf(l)]));
    const ways = [...next.values()];
    if (typeof ways[0] === "number" && ways.every((w) => w === ways[0])) return ways[0];
    return {number: forks++, next, other: Math.min(...ways.flatMap((w) => typeof w === "number" ? [w] : [w.other]))};
  };
  const way = wayOf(root);
  return {thread, way, leaves: leaves.length, forks, cost, total: weight.reduce((a, b) => a + b, 0)};
}

function reach(node: Node, memo: Map<Node, number[]>): number[] {
  let r = memo.get(node);
  if (!r) {
    const seen = new Set<Node>([node]);
    for (const n of seen) for (const {node: to} of n.edges.values()) seen.add(to);
    r = [...seen].map((n) => n.id);
    memo.set(node, r);
  }
  return r;
}
