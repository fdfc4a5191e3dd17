// A roster and what was handed in, put together: who is absent, who is unknown, which of several submissions counts, what was late.

import {latenessOf, readTime, type Lateness} from "./lateness.ts";
import type {Results} from "./results.ts";
import type {Person} from "./roster.ts";

/** Which of a person's submissions counts. Of equal ones it is the first that is best. */
export type Rule = "best" | "last";

export type Entry = {
  readonly person: Person;
  /** What counts; null where nothing was handed in. */
  readonly results: Results | null;
  /** What else they have handed in. */
  readonly others: readonly Results[];
  /** Of what counts; null where it is not known when it was handed in, or by when it should have been. */
  readonly lateness: Lateness | null;
};

export type Joined = {
  /** In the order of the roster, the absent among them. */
  readonly entries: readonly Entry[];
  readonly absent: readonly Person[];
  /** Handed in by nobody whom the roster has: another id was typed, or none. */
  readonly unknown: readonly Results[];
};

export type JoinOptions = {
  readonly rule?: Rule;
  /** An ISO time. */
  readonly due?: string;
  /** By file: when it was handed in. Where a file has no time, that of the roster is taken. */
  readonly times?: ReadonlyMap<string, string>;
};

/** `all` in the order in which they were handed in, as far as `times` does not say. */
export function joinRoster(
  roster: readonly Person[],
  all: readonly Results[],
  {rule = "best", due, times = new Map()}: JoinOptions = {},
): Joined {
  const personOf = finderIn(roster);
  const byPerson = new Map<Person, Results[]>(roster.map((person) => [person, []]));
  const unknown: Results[] = [];
  for (const results of all) {
    const person = personOf(results.student);
    if (person) byPerson.get(person)!.push(results);
    else unknown.push(results);
  }

  const entries = [...byPerson].map(([person, theirs]): Entry => {
    const results = rule === "best" ? bestOf(theirs) : lastOf(theirs, times);
    const others = theirs.filter((one) => one !== results);
    const submitted = results && (times.get(results.file) ?? person.submitted);
    const lateness = submitted && due ? latenessOf(submitted, due) : null;
    return {person, results, others, lateness};
  });
  const absent = entries.filter(({results}) => !results).map(({person}) => person);
  return {entries, absent, unknown};
}

/** An id as it is typed, or but for capitals, or the address of mail: as long as it means one person only. */
function finderIn(roster: readonly Person[]): (student: string) => Person | null {
  const exact = new Map(roster.map((person) => [person.id, person]));
  const loose = new Map<string, Person | null>();
  for (const person of roster)
    for (const name of new Set([person.id, person.email].map(folded).filter(Boolean)))
      loose.set(name, loose.has(name) ? null : person);
  return (student) => exact.get(student.trim()) ?? loose.get(folded(student)) ?? null;
}

function folded(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

function bestOf(all: readonly Results[]): Results | null {
  return all.reduce<Results | null>(
    (best, one) => (best && best.score >= one.score ? best : one),
    null,
  );
}

function lastOf(all: readonly Results[], times: ReadonlyMap<string, string>): Results | null {
  const when = ({file}: Results) => {
    const time = times.get(file);
    return time === undefined ? -Infinity : readTime(time);
  };
  return all.reduce<Results | null>(
    (last, one) => (last && when(last) > when(one) ? last : one),
    null,
  );
}

/** By file, for whatever is written a row a file. */
export function latenessByFile({entries}: Joined): Map<string, Lateness> {
  return new Map(
    entries.flatMap(({results, lateness}) =>
      results && lateness ? [[results.file, lateness] as const] : [],
    ),
  );
}
