// `Mutable(0)`: a value that its own cell may change, and that is an ordinary value in every other.
//
//     const count = Mutable(0);
//     const increase = () => count.value++;
//
// The cell that calls it holds an object with a `value`. To the runtime this object is an async generator of values, so
// what the others get under its name is the latest of them, and nothing that could be written to.

export type Mutable<Value> = AsyncIterator<Value, undefined> & {
  value: Value;
  return(): Promise<{done: true; value: undefined}>;
};

export function Mutable<Value>(first: Value): Mutable<Value> {
  let current = first;
  let isNew = true;
  let isOver = false;
  let wake: (() => void) | null = null;
  const over = {done: true, value: undefined} as const;

  return {
    get value() {
      return current;
    },
    set value(next) {
      current = next;
      isNew = true;
      wake?.();
    },
    async next() {
      while (!isNew && !isOver) await new Promise<void>((go) => (wake = go));
      if (isOver) return over;
      isNew = false;
      return {done: false, value: current};
    },
    return() {
      isOver = true;
      wake?.();
      return Promise.resolve(over);
    },
  };
}
