// How a value prints, as one text: what an output says in words, what a test compares, what a screen reader hears.

/** The longest list that is printed in full. */
const LENGTH = 20;
const DEPTH = 3;

export function print(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
      return value.toString();
    case "function":
      return printFunction(value);
    case "object":
      return value === null ? "null" : printObject(value, depth);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function printFunction(value: object): string {
  const {name} = value as {name: unknown};
  const text = Function.prototype.toString.call(value);
  if (text.startsWith("class")) return `class ${String(name)}`;
  const star = /^(async\s+)?function\s*\*/.test(text) ? "*" : "";
  return `function${star} ${String(name || "anonymous")}()`;
}

function printObject(value: object, depth: number): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date)
    return isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "Promise";
  if (isElement(value)) return value.textContent.replace(/\s+/g, " ").trim();
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return printList(value, depth);
  if (value instanceof Set) return `Set ${printList([...value], depth)}`;
  if (value instanceof Map)
    return `Map ${braces(
      [...value].map(([key, item]) => `${print(key, depth + 1)} => ${print(item, depth + 1)}`),
      depth,
    )}`;
  const fields = Object.entries(value).map(
    ([key, item]) => `${printKey(key)}: ${print(item, depth + 1)}`,
  );
  return nameOf(value) + braces(fields, depth);
}

function printList(value: object, depth: number): string {
  const items = Array.from(value as ArrayLike<unknown>);
  if (depth >= DEPTH) return `[${items.length} items]`;
  const shown = items.slice(0, LENGTH).map((item) => print(item, depth + 1));
  if (items.length > LENGTH) shown.push(`… ${items.length - LENGTH} more`);
  return `[${shown.join(", ")}]`;
}

function braces(fields: readonly string[], depth: number): string {
  if (fields.length === 0) return "{}";
  if (depth >= DEPTH) return "{…}";
  const shown = fields.slice(0, LENGTH);
  if (fields.length > LENGTH) shown.push(`… ${fields.length - LENGTH} more`);
  return `{${shown.join(", ")}}`;
}

export function printKey(key: string): string {
  return /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
}

/** `Finding ` before the braces of something that has a class. */
export function nameOf(value: object): string {
  const name = (Object.getPrototypeOf(value) as {constructor?: {name?: string}} | null)
    ?.constructor?.name;
  return name && name !== "Object" ? `${name} ` : "";
}

function isElement(value: object): value is {textContent: string} {
  return "nodeType" in value && "textContent" in value && typeof value.textContent === "string";
}
