// Store buffers once more, in the plainest way: memory is bytes, a buffer is a list in the order of the program, every state is a value
// of its own, and every step that is possible is tried. Shares nothing with the machine, and knows of nothing but weak_plan.ts's lines.

import type {WeakPlan} from "./weak_plan.ts";

type Model = "sc" | "tso" | "pso";

type Stored = {
  readonly at: number;
  readonly bytes: readonly number[];
  readonly release: boolean;
};
/** What was stored, and where an smp_wmb() stood. */
type Waiting = Stored | "wmb";

type Cpu = {
  readonly line: number;
  readonly seen: readonly number[];
  /** In the order of the program. */
  readonly buffer: readonly Waiting[];
  /** Behind an smp_mb(): nothing is done until the buffer is empty. */
  readonly fence: boolean;
};
type State = {readonly memory: readonly number[]; readonly cpus: readonly Cpu[]};

/** First byte and number of bytes. */
const PLACES: Readonly<Record<string, readonly [at: number, bytes: number]>> = {
  w0: [0, 4],
  w1: [4, 4],
  wide: [0, 8],
  byte: [1, 1],
  spin: [8, 4],
  sem: [12, 4],
};

/** Everything that can come out. */
export function outcomesOf({threads}: WeakPlan, model: Model): string[] {
  const outcomes = new Set<string>();
  const seen = new Set<string>();
  const visit = (state: State): void => {
    const key = JSON.stringify(state);
    if (seen.has(key)) return;
    seen.add(key);
    const next: State[] = [];
    state.cpus.forEach(({line, buffer, fence}, c) => {
      const text = threads[c][line] as string | undefined;
      const waits = fence && buffer.length > 0;
      const made = text === undefined || waits ? null : step(state, c, text, model);
      if (typeof made === "string") outcomes.add(made);
      else if (made) next.push(made);
      buffer.forEach((_, i) => {
        const left = leave(state, c, i, model);
        if (left) next.push(left);
      });
    });
    next.forEach(visit);
    if (
      state.cpus.every(({line, buffer}, c) => line === threads[c].length && buffer.length === 0)
    ) {
      const words = [number(read(state.memory, "w0")), number(read(state.memory, "w1"))];
      outcomes.add(JSON.stringify({words, results: state.cpus.map((cpu) => cpu.seen)}));
    }
  };
  visit({
    memory: new Array<number>(16).fill(0),
    cpus: threads.map(() => ({line: 0, seen: [], buffer: [], fence: false})),
  });
  return [...outcomes].sort();
}

/** The state after a step; null if it cannot be made now; an outcome if the run ends with it. */
function step(state: State, c: number, text: string, model: Model): State | string | null {
  const [call, place, first, second] = text.split(" ");
  const [a, b] = [Number(first), Number(second)];
  const {buffer} = state.cpus[c];
  const view = buffer.reduce(apply, state.memory);
  const isEmpty = buffer.length === 0;
  const goOn = (changes: Partial<Cpu & {answer: number; memory: readonly number[]}>): State => {
    const {answer, memory = state.memory, ...cpu} = changes;
    const old = state.cpus[c];
    const seen = answer === undefined ? old.seen : [...old.seen, answer];
    const now = {...old, fence: false, ...cpu, line: old.line + 1, seen};
    return {memory, cpus: state.cpus.map((one, i) => (i === c ? now : one))};
  };
  const store = (value: number, release = false): State => {
    const [at, width] = PLACES[place];
    const stored = {at, bytes: bytesOf(value, width), release};
    if (model === "sc") return goOn({memory: apply(state.memory, stored)});
    return goOn({buffer: [...buffer, stored]});
  };
  /** A read-modify-write that puts `value` in place. */
  const update = (
    value: number,
    strength: "relaxed" | "full",
    answer?: number,
  ): State | null => {
    const [at, width] = PLACES[place];
    const mustBeEmpty = model !== "pso" || strength === "full";
    const isInTheWay = (one: Waiting): boolean =>
      one === "wmb" || (one.at < at + width && at < one.at + one.bytes.length);
    if (mustBeEmpty ? !isEmpty : buffer.some(isInTheWay)) return null;
    const memory = apply(state.memory, {at, bytes: bytesOf(value, width), release: false});
    return goOn({memory, ...(answer === undefined ? {} : {answer})});
  };
  const wmb = (): State =>
    model === "pso" && !isEmpty ? goOn({buffer: [...buffer, "wmb"]}) : goOn({});
  const old = place === undefined ? 0 : number(read(view, place));

  switch (call) {
    case "WRITE_ONCE":
    case "store":
      return store(a);
    case "atomic_set_release":
    case "smp_store_release":
      return store(a, true);
    case "READ_ONCE":
    case "load":
      return goOn({answer: old});
    case "bug":
      return old === a ? `BUG: ${number(read(view, "w1"))}` : goOn({});
    case "atomic_inc":
      return update(old + 1, "relaxed");
    case "set_bit":
      return update(old | (1 << a), "relaxed");
    case "clear_bit_unlock":
      return update(old & ~(1 << a), "relaxed");
    case "test_and_set_bit":
      return update(old | (1 << a), "full", (old >> a) & 1);
    case "test_and_set_bit_lock":
      return (old >> a) & 1 ? goOn({answer: 1}) : update(old | (1 << a), "relaxed", 0);
    case "xchg":
      return update(a, "full", old);
    case "atomic_add_return":
      return update(old + a, "full", old + a);
    case "atomic_cmpxchg":
      return old === a ? update(b, "full", old) : goOn({answer: old});
    case "atomic_try_cmpxchg":
      return old === a ? update(b, "full", 1) : goOn({answer: 0});
    case "atomic_inc_not_zero":
      return old === 0 ? goOn({answer: 0}) : update(old + 1, "full", 1);
    case "smp_rmb":
      return goOn({});
    case "smp_mb":
      return goOn({fence: true});
    case "smp_wmb":
      return wmb();
    case "smp_mb_if":
      return goOn({fence: old === a});
    case "smp_wmb_if":
      return old === a ? wmb() : goOn({});
    case "lock":
      return number(read(view, place)) === 0 ? update(1, "relaxed") : null;
    case "unlock":
      return place === "spin" ? store(0, true) : update(0, "full");
    default:
      throw new Error(text);
  }
}

/** The state in which the `i`th of what waits has reached memory; null if it cannot. */
function leave(state: State, c: number, i: number, model: Model): State | null {
  const {buffer} = state.cpus[c];
  const one = buffer[i];
  const before = buffer.slice(0, i);
  if (one === "wmb") {
    if (i > 0) return null;
  } else if (model === "tso" || one.release) {
    if (i > 0) return null;
  } else if (before.some((other) => other === "wmb" || overlap(other, one))) {
    return null;
  }
  const rest = buffer.filter((_, k) => k !== i);
  const memory = one === "wmb" ? state.memory : apply(state.memory, one);
  return {
    memory,
    cpus: state.cpus.map((cpu, k) => (k === c ? {...cpu, buffer: rest} : cpu)),
  };
}

function overlap(a: Stored, b: Stored): boolean {
  return a.at < b.at + b.bytes.length && b.at < a.at + a.bytes.length;
}

function apply(memory: readonly number[], one: Waiting): readonly number[] {
  if (one === "wmb") return memory;
  const now = [...memory];
  one.bytes.forEach((byte, i) => (now[one.at + i] = byte));
  return now;
}

function read(memory: readonly number[], place: string): readonly number[] {
  const [at, width] = PLACES[place];
  return memory.slice(at, at + width);
}

/** Signed, but for a byte. */
function number(bytes: readonly number[]): number {
  if (bytes.length === 1) return bytes[0];
  const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return Number(BigInt.asIntN(bytes.length * 8, value));
}

function bytesOf(value: number, width: number): number[] {
  return Array.from({length: width}, (_, i) =>
    Number((BigInt(value) >> BigInt(8 * i)) & 0xffn),
  );
}
