import type {Node, Tree} from "./observation_tree.ts";
import {sample} from "./sampling.ts";
import type {Space} from "./space.ts";
import type {Search} from "./watch.ts";

/** A place in the histories of a thread from which they go to more than one part. */
export type Fork = {
  readonly number: number;
  /** By the number of the node that comes next. */
  readonly next: ReadonlyMap<number, Way>;
  /** The part of all histories that go on otherwise. */
  readonly other: number;
};

/** Where a history leads: the parts are counted from 1. */
export type Way = Fork | number;

export type Partition = {
  readonly thread: number;
  readonly way: Way;
  /** What the largest part is expected to have, of all states. */
  readonly largest: number;
};

export const knobs = {
  pos: 64,
  pct: 64,
  random: 0,
  kind: "any",
  thread: -1,
  debug: 0,
  most: 20000,
  min: 1,
};

export function* partitionOf(space: Space, parts: number): Search<Partition> {
  const histories = space.trees.map(({root}) => newHistory(root.id, space.trees.length));
  for (const sampler of ["pos", "pct", "random"] as const) {
    const seen: History[] = [];
    let last = -1;
    yield* sample(
      space,
      sampler,
      {seed: 1, runs: knobs[sampler], depth: 3, maxStates: Infinity, maxSeconds: Infinity},
      (run, state, thread) => {
        if (run !== last) histories.forEach((h, t) => (seen[t] = h));
        last = run;
        const next = space.successor(state, thread);
        if (next < 0) return;
        seen[thread] = goOn(space, seen[thread], next, thread);
      },
    );
  }
  const found = histories.flatMap((history, t) =>
    [4, 16].flatMap((l) => divide(space, t, history, parts, l * parts)),
  );
  const all = found.filter(
    (p) =>
      (knobs.thread < 0 || p.thread === knobs.thread) &&
      (knobs.kind === "any" || p.kind === knobs.kind),
  );
  if (knobs.debug)
    for (const p of all)
      console.log("  candidate", p.thread, p.kind, p.info, p.largest.toFixed(2));
  return all.reduce((best, p) => (p.largest < best.largest ? p : best));
}

type History = {
  readonly node: number;
  readonly next: Map<number, History>;
  readonly least: Int32Array;
};

function newHistory(node: number, threads: number): History {
  return {node, next: new Map(), least: new Int32Array(threads).fill(2 ** 30)};
}

function goOn(space: Space, from: History, state: number, thread: number): History {
  const id = space.nodeId(state, thread);
  let h = from.next.get(id);
  if (!h) from.next.set(id, (h = newHistory(id, space.threads)));
  for (let t = 0; t < space.threads; t++)
    h.least[t] = Math.min(h.least[t], space.node(state, t).depth);
  return h;
}

type Leaf = {
  readonly history: History;
  readonly up: Leaf | null;
  children: Map<number, Leaf> | null;
  size: number;
  behind: Uint32Array;
  here: number;
  part: number;
};

function divide(space: Space, thread: number, root: History, parts: number, most: number) {
  const tree = space.trees[thread];
  const count = Math.min(space.size, knobs.most);
  const stride = space.size / count;
  const sampled = Array.from({length: count}, (_, i) => Math.floor(i * stride));
  const others = space.trees.map((_, t) => t).filter((t) => t !== thread);
  const nodes = Int32Array.from(sampled, (s) => space.nodeId(s, thread));
  const depths = others.map((t) => Int32Array.from(sampled, (s) => space.node(s, t).depth));
  const covered = (h: History, ids: (id: number) => boolean): Uint32Array => {
    const bits = new Uint32Array(Math.ceil(count / 32));
    for (let i = 0; i < count; i++) {
      if (!ids(nodes[i])) continue;
      if (knobs.min && !others.every((t, k) => depths[k][i] >= h.least[t])) continue;
      bits[i >>> 5] |= 1 << (i & 31);
    }
    return bits;
  };
  const memo = new Map<number, Uint8Array>();
  const leafAt = (history: History, up: Leaf | null): Leaf => {
    const reach = reachable(tree, history.node, memo);
    const behind = covered(history, (id) => reach[id] === 1);
    return {
      history,
      up,
      children: null,
      size: popcount(behind),
      behind,
      here: popcount(covered(history, (id) => id === history.node)),
      part: 0,
    };
  };
  root.least.fill(0);
  const top = leafAt(root, null);
  let leaves = [top];
  for (let i = 0; leaves.length < most && i < 5000; i++) {
    const open = leaves.filter((l) => l.history.next.size > 0);
    if (open.length === 0) break;
    const heaviest = open.reduce((a, b) => (b.size > a.size ? b : a));
    heaviest.children = new Map(
      [...heaviest.history.next].map(([id, h]) => [id, leafAt(h, heaviest)]),
    );
    leaves = leaves.filter((l) => l !== heaviest).concat([...heaviest.children.values()]);
  }
  const result = (kind: string, loads: Load[]) => {
    let forks = 0;
    const wayOf = (leaf: Leaf): Way => {
      if (!leaf.children) return leaf.part;
      const next = new Map([...leaf.children].map(([v, l]) => [v, wayOf(l)]));
      const ways = [...next.values()];
      if (typeof ways[0] === "number" && ways.every((w) => w === ways[0])) return ways[0];
      return {
        number: forks++,
        next,
        other: Math.min(...ways.flatMap((w) => (typeof w === "number" ? [w] : [w.other]))),
      };
    };
    const way = wayOf(top);
    return {
      thread,
      way,
      largest: Math.max(...loads.map((l) => l.cost)) / count,
      kind,
      info: `leaves ${leaves.length} forks ${forks} cost ${loads.map((l) => (l.cost / count).toFixed(2)).join(" ")}`,
    };
  };
  class Load {
    set = new Uint32Array(Math.ceil(count / 32));
    seen = new Set<Leaf>();
    bits = 0;
    path = 0;
    get cost() {
      return this.bits + this.path;
    }
    with(leaf: Leaf) {
      let c = this.path + popcount(leaf.behind, this.set);
      for (let up = leaf.up; up && !this.seen.has(up); up = up.up) c += up.here;
      return c;
    }
    add(leaf: Leaf) {
      this.bits = popcount(leaf.behind, this.set);
      leaf.behind.forEach((w, i) => (this.set[i] |= w));
      for (let up = leaf.up; up && !this.seen.has(up); up = up.up) {
        this.seen.add(up);
        this.path += up.here;
      }
    }
  }
  const found = [];
  {
    const loads = Array.from({length: parts}, () => new Load());
    for (const leaf of [...leaves].sort((a, b) => b.size - a.size)) {
      const costs = loads.map((l) => l.with(leaf));
      const best = costs.indexOf(Math.min(...costs));
      loads[best].add(leaf);
      leaf.part = best + 1;
    }
    found.push(result("lpt", loads));
  }
  for (const [kind, sign] of [
    ["down", 1],
    ["up", -1],
  ] as const) {
    const order: Leaf[] = [];
    const walk = (leaf: Leaf) => {
      if (!leaf.children) order.push(leaf);
      else [...leaf.children.values()].sort((a, b) => sign * (b.size - a.size)).forEach(walk);
    };
    walk(top);
    const within = (limit: number): Load[] | null => {
      let load = new Load();
      const loads = [load];
      for (const leaf of order) {
        if (load.with(leaf) > limit && load.cost > 0) {
          if (loads.length === parts) return null;
          load = new Load();
          loads.push(load);
        }
        load.add(leaf);
        leaf.part = loads.length;
      }
      return loads.every((l) => l.cost <= limit) ? loads : null;
    };
    let lo = 0,
      hi = count * 3;
    while (hi - lo > 1) {
      const mid = Math.floor((lo + hi) / 2);
      if (within(mid)) hi = mid;
      else lo = mid;
    }
    const loads = within(hi);
    if (loads) found.push(result(kind, loads));
  }
  return found;
}

function reachable(tree: Tree, from: number, memo: Map<number, Uint8Array>): Uint8Array {
  let reached = memo.get(from);
  if (!reached) {
    reached = new Uint8Array(tree.nodes.length);
    const seen = new Set<Node>([tree.nodes[from]]);
    for (const n of seen) {
      reached[n.id] = 1;
      for (const {node: to} of n.edges.values()) seen.add(to);
    }
    memo.set(from, reached);
  }
  return reached;
}

function popcount(a: Uint32Array, b?: Uint32Array): number {
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    let x = b ? a[i] | b[i] : a[i];
    x -= (x >>> 1) & 0x55555555;
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
    n += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return n;
}
