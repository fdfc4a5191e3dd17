import type {Edge, Node, Tree, ObservationTree} from "./observation_tree.ts";
import {partitionOf, type Way} from "./partition.ts";
import {Space} from "./space.ts";
import type {Search} from "./watch.ts";

/** Part `index` of `of`, counted from 1. */
export type Shard = {readonly index: number; readonly of: number};

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
  get asks() {
    return this.whole.asks;
  }
  get goesRound() {
    return this.whole.goesRound;
  }
  get nondeterministic() {
    return this.whole.nondeterministic;
  }
  verify() {
    this.whole.verify();
  }

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
    if (typeof before === "number" || to.kind === "bug")
      return {node: this.nodeOf(to, this.part), events};
    const now = before.next.get(to.id) ?? before.other;
    if (now !== this.part && !partsOf(now).has(this.part))
      return {node: this.elsewhere(to), events: []};
    return {node: this.nodeOf(to, onlyPart(now) ?? now), events};
  }

  private elsewhere(to: Node): Node {
    return this.add(
      "elsewhere",
      {
        ...to,
        kind: "elsewhere",
        transition: null,
        operation: null,
        watched: null,
        failure: null,
        watchers: [],
        turn: null,
      },
      to,
      this.part,
    );
  }
  private nodeOf(base: Node, way: Way): Node {
    return this.add(`${base.id} ${typeof way === "number" ? "" : way.number}`, base, base, way);
  }
  private add(key: string, like: Node, base: Node, way: Way): Node {
    let node = this.known.get(key);
    if (!node) {
      node = {
        ...like,
        id: this.nodes.length,
        number: this.whole.nextNumber(),
        edges: new Map(),
      };
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

export function* partOf(whole: Space, shard: Shard, maxSteps: number): Search<Space> {
  const plan = yield* partitionOf(whole, shard.of);
  whole.load(0);
  const trees = whole.trees.map((tree, t) =>
    t === plan.thread ? new TreeOfPart(tree as ObservationTree, plan.way, shard.index) : tree,
  );
  return new Space(whole.program, maxSteps, trees);
}
