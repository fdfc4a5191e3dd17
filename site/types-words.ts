// TypeScript's messages in the words of the book: what is wrong, the usual cause, one thing to try. What is not in the table is said as TypeScript says it.

type Said = {
  readonly code: number;
  readonly original: string;
  /** The text that is marked. */
  readonly marked: string;
};

/** A sentence; null for what is no mistake here. */
export function inWords({code, original, marked}: Said): string | null {
  const first = original.split("\n")[0]!;
  // A function with a star that nobody runs is what readers meet most, and it has many faces.
  if (isUnrun(original)) return forgottenStar(marked);
  const words = WORDS[code];
  if (words === undefined) return plain(first);
  return words === null ? null : words(quoted(first), first);
}

/** The one sentence for a forgotten star, whoever finds it. */
export function forgottenStar(call: string): string {
  const name = /^(?:kernel\.)?([\w$]+)\s*\(/.exec(call)?.[1];
  return name === undefined
    ? "this can be preempted, so it does nothing without its yield*: write yield* before the call that makes it"
    : `${name}() can be preempted, so it does nothing without its yield*: write yield* ${name}(...)`;
}

/** An `Op` where its answer was wanted; not something else where an `Op` was. */
export function isUnrun(original: string): boolean {
  return /(?<!(?:to type|parameter of type) )'(?:Op<|Generator<Operation\b)/.test(original);
}

type Words = (quoted: readonly string[], message: string) => string;

const WORDS: Readonly<Record<number, Words | null>> = {
  // A name that there is not.
  2304: ([name]) =>
    `there is no ${name} here: is it spelt as where it is declared, or is its const missing?`,
  2552: ([name, like]) => `there is no ${name} here: did you mean ${like}?`,
  2339: ([name, type]) =>
    `${brief(type)} has no ${name}: is it spelt as where it is declared? Ctrl-Space after the dot shows what there is`,
  2551: ([name, type, like]) => `${brief(type)} has no ${name}: did you mean ${like}?`,
  2561: ([name, type, like]) => `${name} is not known in ${brief(type)}: did you mean ${like}?`,
  2353: ([name, type]) =>
    `${name} is not known in ${brief(type)}: is it spelt as where it is declared?`,
  2820: ([given, wanted, like]) =>
    `${given} is none of ${brief(wanted)}: did you mean ${like}?`,

  // A value of another kind.
  2322: ([given, wanted]) =>
    `this is ${article(given)}, and ${article(wanted)} is wanted: is it the value that you mean, or is something missing after it?`,
  2345: ([given, wanted]) =>
    `this argument is ${article(given)}, and ${article(wanted)} is wanted: are the arguments in the right order?`,
  2365: ([operator, left, right]) =>
    `${operator} does not go with ${article(left)} and ${article(right)}: is one of them missing its yield*, or a field of it?`,
  2367: ([left, right]) =>
    `this is never so: ${article(left)} is not comparable with ${article(right)}. Is one of them missing its yield*?`,
  2362: () =>
    "the left side of this sum is no number: is its yield* missing, or a field of it?",
  2363: () =>
    "the right side of this sum is no number: is its yield* missing, or a field of it?",
  2801: () => "this asks whether there is a promise, and there always is: await it first",

  // Calls.
  2554: counted,
  2555: counted,
  2575: counted,
  2349: () => "this is no function and cannot be called: is a parenthesis too many?",
  2488: ([type]) =>
    `yield* needs a function with a star, and this is ${article(type)}: call it without yield*, or is it the wrong function?`,
  2504: ([type]) => `this cannot be gone through one by one: it is ${article(type)}`,

  // What may be changed.
  2540: ([name]) => `${name} can be read and not written: make a new value instead`,
  2588: ([name]) => `${name} is a const and stays what it is: declare it with let to change it`,
  2632: ([name]) =>
    `${name} belongs to somebody else and cannot be assigned here: give yours another name`,
  2451: ([name]) => `${name} is declared twice: give one of them another name`,
  2300: ([name]) => `${name} is declared twice: give one of them another name`,
  2448: ([name]) => `${name} is used before it is declared: move its line up`,
  2454: ([name]) => `${name} is used before it has a value: give it one where it is declared`,

  // What may not be there.
  2531: () => "this may be null: ask first whether it is there",
  2532: () => "this may be undefined: ask first whether it is there",
  18047: ([name]) => `${name} may be null: ask first whether it is there`,
  18048: ([name]) => `${name} may be undefined: ask first whether it is there`,
  18046: ([name]) => `nothing is known of ${name}: ask what it is first, with typeof for one`,

  // Functions.
  2355: () =>
    "a function that says it answers something must return it: is its return missing?",
  2366: () =>
    "on some way through this function nothing is returned: is a return missing at its end?",
  1163: () => "yield* works only in a function*: is the star of the function missing?",
  1308: () => "await works only in an async function, or at the top of a cell",
  7006: ([name]) =>
    `nothing says what ${name} is: give the parameter a type, as in ${name}: number`,

  // Half a sentence.
  1002: () => "a quote is opened and not closed",
  1160: () => "a quote is opened and not closed",
  1003: () => "a name is missing just before this: is the line above finished?",
  1156: () => "a const stands in a block of its own: put braces around it",
  1005: ([wanted]) => `${wanted} is missing here: is a bracket or a comma missing just before?`,
  1109: () => "an expression is missing here: is an operand missing, or a bracket too many?",
  1128: () => "this does not begin anything: is a bracket too many just before?",
  1136: () => "a name is missing here",

  // The book says these itself, or they are none of the reader's business.
  2307: null,
  2395: null,
  2440: null,
  2528: null,
  2695: null,
  7027: null,
  7028: null,
};

/** What stands between single quotes. Types have quotes of their own inside, which are double. */
function quoted(message: string): string[] {
  return [...message.matchAll(/'((?:[^']|'(?=[^\s.,?)]))*)'/g)].map(([, name]) => name!);
}

/** Long types are cut: the hover has all of it. */
function brief(type = "it"): string {
  const short = type.replace(/^typeof /, "");
  return short.length > 60 ? `${short.slice(0, 57)}…` : short;
}

function article(type = "something else"): string {
  const short = brief(type);
  if (/^(null|undefined|void|never|any|unknown|true|false)$|^["\d-]/.test(short))
    return short === "void" ? "nothing" : short;
  return `${/^[aeiouAEIOU]/.test(short) ? "an" : "a"} ${short}`;
}

function counted(_: readonly string[], message: string): string {
  const [wanted, got] = [...message.matchAll(/\d+(?:-\d+)?/g)].map(([n]) => n!);
  return `this call wants ${wanted} argument${wanted === "1" ? "" : "s"} and gets ${got}: its name says which, to who rests on it`;
}

function plain(message: string): string {
  const text = message.replace(/\.$/, "");
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
