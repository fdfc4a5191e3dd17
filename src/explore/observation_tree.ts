// The observation tree of one thread: after these observations, what is its next operation?
//
// The answers are kept, so the search runs over integers and asks a thread only once for each observation that is new. A
// node is a local state (local_state.ts), so the tree is a graph: histories meet again where they no longer differ.

import {
  compile,
  fence_of,
  may_wait,
  NO_FENCE,
  ordering_of,
  stronger,
  wildAccess,
  type Cell,
  type Complaint,
  type Fence,
  type Machine,
  type MemoryModel,
  type MemoryOperation,
  type Op,
  type Operation,
  type Ordering,
  type StepOperation,
  type Transition,
} from "../sim/index.ts";
import {isPure, sayCarried, type Turn} from "./carried.ts";
import {
  announced,
  bottom,
  functionsOf,
  Names,
  stateName,
  stepped,
  type Frame,
} from "./local_state.ts";
import {sayEndless} from "./findings.ts";
import {isMacro, type Failure, type Monitor, type Thread} from "./program.ts";

/** What happens between one step of a thread and its next, and is of interest to whoever looks on. */
export type Event =
  | {readonly kind: "warn"; readonly failure: Failure}
  | {
      readonly kind: "answered";
      readonly monitor: Monitor;
      readonly value: unknown;
      readonly functions: readonly string[];
    }
  /** The thread has finished. */
  | {readonly kind: "finished"; readonly result: unknown};

export type Edge = {readonly node: Node; readonly events: readonly Event[]};

export type Node = {
  /** Its place in the tree, and a number that no node of any tree shares. */
  readonly id: number;
  readonly number: number;
  /** A step to be made; or the end of a turn that waits; or the thread has finished; or a BUG ends the run here. */
  readonly kind: "step" | "await" | "finished" | "bug";
  readonly transition: Transition | null;
  /** Where CPUs have store buffers: what the step orders, and the barriers directly before it. */
  readonly ordering: Ordering | null;
  readonly fence: Fence;
  /** The turn that has ended here. */
  readonly turn: Turn | null;
  readonly operation: StepOperation | null;
  /** The operation, if it is one on a word of memory. */
  readonly watched: MemoryOperation | null;
  readonly failure: Failure | null;
  readonly result: unknown;
  /** The 8 bytes of memory that the step is about, as a number; -1 if it is about none. For quick comparisons. */
  readonly place: number;
  /** It may be impossible to make the step: it takes a lock, or waits for a change. */
  readonly blocks: boolean;
  /** Monitors that want to see the step. */
  readonly watchers: readonly Monitor[];
  /** The functions the step is made in, innermost first. */
  readonly functions: readonly string[];
  readonly frame: Frame;
  /** A history that leads here, from its end: the node before, and what was observed there. */
  readonly before: Node | null;
  readonly observed: number;
  readonly depth: number;
  /** By what is observed. */
  readonly edges: Map<number, Edge>;
};

export type TreeOptions = {
  readonly monitors: readonly Monitor[];
  readonly interrupts: readonly Cell[];
  /** Steps after which a thread is taken to be one that never ends. */
  readonly maxSteps: number;
  readonly memoryModel: MemoryModel;
  /** Hands out the numbers of nodes. */
  readonly nextNumber: () => number;
};

/** Where a thread is between two of its steps. */
type Position = {readonly generator: Op<unknown>; frame: Frame};

/** Where it has come to. */
type Stop =
  | {readonly kind: "step"; readonly operation: StepOperation; readonly fence: Fence}
  | {readonly kind: "finished"; readonly result: unknown}
  | {
      readonly kind: "bug";
      readonly message: string;
      readonly about: string;
      readonly dump: readonly Cell[];
    };

type Arrival = {
  readonly position: Position;
  readonly events: readonly Event[];
  readonly stop: Stop;
};

export class ObservationTree {
  asks = 0;
  readonly root: Node;
  readonly nodes: Node[] = [];
  /** The thread has a loop whose turns leave traces, and may go round it as often as it likes. */
  goesRound = false;
  /** Set when the thread answered differently after the same observations. */
  nondeterministic: string | null = null;

  private readonly names: Names;
  private readonly byState = new Map<string, Node>();
  /** Generators that stand at a node and can go on from there without being run again from the start. */
  private readonly waiting = new Map<Node, Position>();

  private readonly thread: Thread;
  private readonly number: number;
  private readonly memory: Machine["memory"];
  private readonly options: TreeOptions;
  /** What happens before the first step. */
  readonly rootEvents: readonly Event[];

  constructor(thread: Thread, number: number, machine: Machine, options: TreeOptions) {
    this.thread = thread;
    this.number = number;
    this.memory = machine.memory;
    this.names = new Names(machine.immutable);
    this.options = options;
    const start = this.arrive({generator: thread.run(), frame: bottom(this.names)}, 0);
    this.root = this.nodeOf(start, null, 0).node;
    this.rootEvents = start.events;
  }

  /** Where the thread is after it has observed `value` at `node`. */
  edge(node: Node, value: number): Edge {
    let edge = node.edges.get(value);
    if (!edge) {
      edge = this.ask(node, value);
      node.edges.set(value, edge);
    }
    return edge;
  }

  private ask(node: Node, value: number): Edge {
    this.asks++;
    const position = this.waiting.get(node) ?? this.replay(node);
    this.waiting.delete(node);
    position.frame = stepped(this.names, position.frame, node, value);
    return this.nodeOf(this.arrive(position, value), node, value);
  }

  /** Runs the thread from the start along the history that leads to `node`. */
  private replay(node: Node): Position {
    const history: Node[] = [];
    for (let n: Node | null = node; n; n = n.before) history.push(n);
    const generator = this.thread.run();
    const args: (readonly unknown[])[] = [];
    for (const {kind, observed, operation} of history.reverse()) {
      const again = retrace(generator, observed, args);
      // A step that could not be made, a wild access or one too many, is a bug here and an operation there.
      if (kind !== "bug" && !sameStep(operation, again)) this.nondeterministic = this.another();
    }
    return {generator, frame: withArguments(node.frame, args)};
  }

  /** Asks the thread again, in fresh runs, all the way to where its runs end: the last first, so that nothing comes in the order that it came in. */
  verify(): void {
    const ends = this.nodes.filter(({edges, before}) => edges.size === 0 && before !== null);
    for (const end of ends.slice(-MOST_VERIFIED).reverse()) this.arriveAgain(end, end.before!);
  }

  private arriveAgain(end: Node, before: Node): void {
    const position = this.replay(before);
    position.frame = stepped(this.names, position.frame, before, end.observed);
    const {stop, events} = this.arrive(position, end.observed);
    const key = this.keyOf(this.runnable(stop, end.depth), position.frame);
    const first = before.edges.get(end.observed)!.events;
    if (this.byState.get(key) !== end || this.sayResult(first) !== this.sayResult(events))
      this.nondeterministic = this.another();
  }

  private sayResult(events: readonly Event[]): string {
    const results = events.flatMap((event) =>
      event.kind === "finished" ? [event.result] : [],
    );
    return this.names.describe(results).text;
  }

  private another(): string {
    return `${this.thread.name} did not do the same after the same observations: does it keep something outside of its functions?`;
  }

  /** Sends `value` to the thread and follows it to its next step. */
  private arrive(position: Position, value: number): Arrival {
    const events: Event[] = [];
    return {position, events, stop: this.follow(position, value, events)};
  }

  private follow(position: Position, value: number, events: Event[]): Stop {
    let fence: Fence = NO_FENCE;
    try {
      for (let input = value; ; input = 0) {
        const {done, value: said} = position.generator.next(input);
        if (done) return this.finish(said, events);
        const operation = said as Operation;
        switch (operation.act) {
          case "call":
          case "turn":
          case "turned":
            break;
          case "barrier":
            fence = stronger(fence, fence_of(operation.kind, this.options.memoryModel));
            break;
          case "return":
            this.judge(position.frame, operation.name, operation.value, events);
            break;
          case "warn":
            events.push({kind: "warn", failure: this.failure(operation, position.frame)});
            break;
          case "bug":
            return {...operation, kind: "bug"};
          default:
            return {kind: "step", operation, fence};
        }
        position.frame = announced(this.names, position.frame, operation);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return {kind: "bug", message, about: "", dump: []};
    }
  }

  private finish(result: unknown, events: Event[]): Stop {
    events.push({kind: "finished", result});
    // What the thread has to say of its result it has said: its finished states are one.
    return {kind: "finished", result: this.thread.prints ? undefined : result};
  }

  private judge(frame: Frame, name: string, value: unknown, events: Event[]): void {
    for (const monitor of this.options.monitors) {
      if (monitor.judges !== name) continue;
      events.push({kind: "answered", monitor, value, functions: functionsOf(frame).slice(1)});
    }
  }

  private failure(
    complaint: Pick<Complaint, "message" | "about" | "dump">,
    frame: Frame,
  ): Failure {
    const {message, about, dump} = complaint;
    const functions = functionsOf(frame).filter((name) => !isMacro(name));
    return {message, about, dump, functions, thread: this.number};
  }

  /** The node for where the thread has arrived: a known one, if it was in this local state before. */
  private nodeOf(arrival: Arrival, before: Node | null, observed: number): Edge {
    const {position, events} = arrival;
    const depth = before ? before.depth + 1 : 0;
    const stop = this.runnable(arrival.stop, depth);
    const key = this.keyOf(stop, position.frame);
    let node = this.byState.get(key);
    if (!node) {
      node = this.make(stop, position.frame, {before, observed, depth});
      this.byState.set(key, node);
      if (stop.kind === "step") this.waiting.set(node, position);
    } else if (stop.kind === "step" && !sameStep(stop.operation, node.operation)) {
      this.nondeterministic = this.another();
    }
    return {node, events};
  }

  /** Steps that cannot be made are bugs: a wild pointer, or one step too many. */
  private runnable(stop: Stop, depth: number): Stop {
    if (stop.kind !== "step") return stop;
    const {operation} = stop;
    if (depth > this.options.maxSteps) {
      const message = sayEndless(this.options.maxSteps);
      return {kind: "bug", message, about: "", dump: []};
    }
    if ("cell" in operation && this.memory.half(operation.cell.address) < 0) {
      return {kind: "bug", message: wildAccess(operation.cell), about: "", dump: []};
    }
    return stop;
  }

  private keyOf(stop: Stop, frame: Frame): string {
    const state = stateName(frame);
    if (stop.kind === "step") return `step ${state}${sayFence(stop.fence)}`;
    if (stop.kind === "bug") return `bug ${stop.message} ${state}`;
    const {text, opaque} = this.names.describe([stop.result]);
    // Nothing is carried any more but locks that should have been released.
    return opaque ? `finished ${state}` : `finished ${text} ${sayCarried(frame.carried)}`;
  }

  private make(
    stop: Stop,
    frame: Frame,
    history: Pick<Node, "before" | "observed" | "depth">,
  ): Node {
    const operation = stop.kind === "step" ? stop.operation : null;
    const watched = operation && "cell" in operation ? operation : null;
    const awaits = operation?.act === "await";
    const {interrupts, monitors, nextNumber} = this.options;
    const functions = functionsOf(frame);
    const node: Node = {
      ...history,
      id: this.nodes.length,
      number: nextNumber(),
      kind: awaits ? "await" : stop.kind,
      operation,
      watched,
      fence: stop.kind === "step" ? stop.fence : NO_FENCE,
      ordering: operation && ordering_of(operation, this.options.memoryModel),
      transition:
        operation && operation.act !== "await"
          ? compile(operation, this.memory, this.number, interrupts)
          : null,
      turn: awaits ? frame.carried.turn : null,
      blocks: awaits || (watched !== null && may_wait(watched)),
      place: watched ? this.memory.half(watched.cell.address) >> 1 : -1,
      failure: stop.kind === "bug" ? this.failure(stop, frame) : null,
      result: stop.kind === "finished" ? stop.result : undefined,
      watchers: watched ? monitors.filter((m) => m.watches(watched, functions)) : [],
      functions,
      frame,
      edges: new Map(),
    };
    if (node.turn && !isPure(frame.carried)) this.goesRound = true;
    this.nodes.push(node);
    return node;
  }
}

/** A thread that stands behind a barrier stands elsewhere than one that does not. */
function sayFence(fence: Fence): string {
  return fence === NO_FENCE ? "" : ` behind ${fence}`;
}

/** Ends of runs that are asked for again when all is over. Every history that branches was asked for again on the way. */
const MOST_VERIFIED = 100;

/** Sends `value` to a thread whose answers are known, up to its next step; keeps the arguments of what it is in. */
function retrace(
  generator: Op<unknown>,
  value: number,
  args: (readonly unknown[])[],
): Node["operation"] {
  try {
    for (let input = value; ; input = 0) {
      const {done, value: announced} = generator.next(input);
      if (done) return null;
      const operation = announced as Operation;
      switch (operation.act) {
        case "call":
          args.push(operation.args);
          break;
        case "return":
          args.pop();
          break;
        case "barrier":
        case "turn":
        case "turned":
        case "warn":
          break;
        case "bug":
          return null;
        default:
          return operation;
      }
    }
  } catch {
    // A thread that throws makes no more steps, whichever way it was found out.
    return null;
  }
}

/** The same stack, holding the arguments of another run: those are what this run will change. */
function withArguments(frame: Frame, args: readonly (readonly unknown[])[]): Frame {
  if (!frame.caller) return frame;
  const caller = withArguments(frame.caller, args.slice(0, -1));
  return {...frame, caller, args: frame.args && args[args.length - 1]};
}

function sameStep(a: Node["operation"], b: Node["operation"]): boolean {
  if (!a || !b) return a === b;
  if (a.kind !== b.kind || a.operand !== b.operand) return false;
  if (!("cell" in a) || !("cell" in b)) return a.act === b.act;
  return a.cell.address === b.cell.address && a.expected === b.expected;
}
