// Results without the names of people, and apart from them the table that says who is who. The same salt gives the same names, so that gradings
// can be compared; whoever has neither salt nor table cannot try out ids.

import {UserError} from "../livepatch/index.ts";
import {codeOf, withoutComments} from "./code.ts";
import type {Counterexample, PropertyResult, Results} from "./results.ts";
import type {Person} from "./roster.ts";
import {writeTable} from "./table.ts";

export type Key = {
  readonly pseudonym: string;
  readonly student: string;
  /** What it was called, and what it is called in the results. */
  readonly file: string;
  readonly anonymousFile: string;
};

export type Anonymous = {
  /** Ordered by their new names, which says nothing of the old order. */
  readonly results: readonly Results[];
  /** To be kept apart. */
  readonly keys: readonly Key[];
};

const LEAST_SALT = 16;
/** 60 bits: no two people of a class get one name. */
const HEX = 15;
/** A shorter name stands in words of others. */
const LEAST_NAME = 3;

/**
 * Ids, files and receipts become others, comments go from what students wrote, and where an id, a full name or an address of `roster` stands
 * elsewhere it is replaced. A first name alone stays, where somebody has put it into a variable or a text.
 */
export async function anonymise(
  all: readonly Results[],
  salt: string,
  roster: readonly Person[] = [],
): Promise<Anonymous> {
  if (salt.length < LEAST_SALT)
    throw new UserError(
      `a salt of ${salt.length} characters can be guessed: take ${LEAST_SALT} or more, at random`,
    );
  const key = await keyOf(salt);
  const pairs = [];
  for (const results of all) pairs.push(await anonymised(results, key, roster));
  const named = numbered(pairs.sort(byName));
  return {results: named.map(({results}) => results), keys: named.map(({keys}) => keys)};
}

export function keyCsv(keys: readonly Key[]): string {
  const rows = keys.map(({pseudonym, student, file, anonymousFile}) => [
    ...[pseudonym, student, file, anonymousFile],
  ]);
  return writeTable(["pseudonym", "student", "file", "anonymousFile"], rows);
}

type Pair = {readonly results: Results; readonly keys: Key};

function byName(a: Pair, b: Pair): number {
  return (
    compare(a.keys.pseudonym, b.keys.pseudonym) ||
    compare(a.results.receipt, b.results.receipt) ||
    compare(a.keys.file, b.keys.file)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Several submissions of one person: `s….html`, `s…-2.html`. */
function numbered(pairs: readonly Pair[]): Pair[] {
  const counts = new Map<string, number>();
  return pairs.map(({results, keys}) => {
    const count = (counts.get(keys.pseudonym) ?? 0) + 1;
    counts.set(keys.pseudonym, count);
    const file = `${keys.pseudonym}${count === 1 ? "" : `-${count}`}.html`;
    return {results: {...results, file}, keys: {...keys, anonymousFile: file}};
  });
}

async function anonymised(
  results: Results,
  key: CryptoKey,
  roster: readonly Person[],
): Promise<Pair> {
  const {student, file, receipt} = results;
  // A file that cannot be read says not whose it is: then its name stands for who has handed it in.
  const pseudonym = `s${await digest(key, student ? `student ${student}` : `file ${file}`)}`;
  const hide = hiderOf(namesIn(results, roster), pseudonym);
  return {
    results: {
      ...results,
      student: student ? pseudonym : "",
      receipt: receipt ? `r${await digest(key, `receipt ${receipt}`)}` : "",
      properties: results.properties.map((property) => withoutNames(property, hide)),
      notes: results.notes.map(hide),
    },
    keys: {pseudonym, student, file, anonymousFile: ""},
  };
}

function withoutNames(
  property: PropertyResult,
  hide: (text: string) => string,
): PropertyResult {
  const {message, counterexample} = property;
  return {
    ...property,
    message: hide(message),
    counterexample: counterexample && hidden(counterexample, hide),
  };
}

/** The schedule and the steps are the model's words, and stay. */
function hidden(
  counterexample: Counterexample,
  hide: (text: string) => string,
): Counterexample {
  const livepatches = counterexample.livepatches.map(({name, text}) => {
    const code = codeOf(text);
    return {name, text: code === null ? "" : hide(withoutComments(code))};
  });
  return {...counterexample, livepatches};
}

/** A name of one word could be a word of the kernel: somebody is called Page. */
function namesIn({student, file}: Results, roster: readonly Person[]): string[] {
  const person = roster.find(({id}) => id === student);
  const names = person ? [person.email, person.name].filter((name) => /\W/.test(name)) : [];
  return [file, student, ...names].filter(({length}) => length >= LEAST_NAME);
}

/** Longest first, so that no part of a name is left. */
function hiderOf(names: readonly string[], pseudonym: string): (text: string) => string {
  if (names.length === 0) return (text) => text;
  const each = [...names]
    .sort((a, b) => b.length - a.length || compare(a, b))
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${each.join("|")})(?![\\p{L}\\p{N}])`,
    "giu",
  );
  return (text) => text.replace(pattern, pseudonym);
}

async function keyOf(salt: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(salt);
  const algorithm = {name: "HMAC", hash: "SHA-256"};
  return await globalThis.crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
}

/** Keyed with the salt, so that nobody else can reckon it for an id. */
async function digest(key: CryptoKey, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const signed = new Uint8Array(await globalThis.crypto.subtle.sign("HMAC", key, bytes));
  const hex = [...signed].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.slice(0, HEX);
}
