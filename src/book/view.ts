// `view(input)`: shows an input, and gives its value now and whenever it changes.

import {problem} from "./problem.ts";

/** Anything with a value that tells of its changes by an `input` event. */
export type Input = {
  readonly value: unknown;
  readonly type?: string;
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
};

type AsyncValues = {
  next(): Promise<{done: false; value: unknown}>;
  return(): {done: true; value: undefined};
};

/** Throws where `view` was given something that has no value. */
export function checkInput(input: unknown): asserts input is Input {
  if (typeof input === "object" && input !== null && "value" in input) return;
  throw problem(
    "view() was given something without a value: give it an input, such as Inputs.range([0, 10])",
  );
}

/** The value of an input now, and again whenever it changes. Only the latest counts. */
export function valuesOf(input: Input): AsyncValues {
  const event = eventOf(input);
  let isNew = valueOf(input) !== undefined;
  let waiting: (() => void) | null = null;
  const listen = (): void => {
    isNew = true;
    waiting?.();
  };
  input.addEventListener?.(event, listen);
  return {
    async next() {
      if (!isNew) await new Promise<void>((resolve) => (waiting = resolve));
      waiting = null;
      isNew = false;
      return {done: false, value: valueOf(input)};
    },
    return() {
      input.removeEventListener?.(event, listen);
      return {done: true, value: undefined};
    },
  };
}

/** The browser's own inputs have values that are more than text. */
function valueOf(input: Input): unknown {
  switch (input.type) {
    case "range":
    case "number":
      return (input as {valueAsNumber?: number}).valueAsNumber;
    case "date":
      return (input as {valueAsDate?: Date | null}).valueAsDate;
    case "checkbox":
      return (input as {checked?: boolean}).checked;
    case "select-multiple":
      return Array.from(
        (input as {selectedOptions?: Iterable<{value: string}>}).selectedOptions ?? [],
        ({value}) => value,
      );
    default:
      return input.value;
  }
}

function eventOf({type}: Input): string {
  if (type === "button" || type === "submit" || type === "checkbox") return "click";
  return type === "file" ? "change" : "input";
}
