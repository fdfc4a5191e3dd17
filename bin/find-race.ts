// A race by its name: one of the book's, or one that only the checks of an assignment have. Those are not listed, and loaded only when there is a
// schedule of theirs.

import {raceNamed, type Race} from "../src/races/index.ts";

export async function findRace(name: string): Promise<Race | undefined> {
  return raceNamed(name) ?? (await import("../notebooks/races.ts")).raceOfChecks(name);
}
