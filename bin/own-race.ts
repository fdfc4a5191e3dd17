// A race of one's own, from a file.

import {existsSync, statSync} from "node:fs";
import {basename, extname} from "node:path";
import {hash} from "../src/livepatch/hash.ts";
import {
  RaceError,
  raceOfOnesOwn,
  withOwnCode,
  type Linked,
  type Race,
} from "../src/races/index.ts";
import {CliError} from "./errors.ts";
import {findRace} from "./find-race.ts";

export type OwnRaceFile = {
  readonly race: Race;
  /** The kernel with the file's code beside it. */
  withCode(linked: Linked): Linked;
};

/** A name of a race has neither an ending nor a folder. */
export function isRaceFile(name: string): boolean {
  return /\.[mc]?[jt]s$/.test(name) || /[/\\]/.test(name);
}

/** Runs `path`, which can do whatever its user can. */
export async function loadRace(path: string): Promise<OwnRaceFile> {
  if (!existsSync(path))
    throw new CliError(`there is no file ${path}: is it in another folder?`);
  if (!statSync(path).isFile())
    throw new CliError(`${path} is no file: name the one that exports race`);
  const {OwnModules} = await import("./own-modules.ts");
  const modules = new OwnModules();
  const exported = modules.load(path);
  if (!("race" in exported))
    throw new CliError(
      `${path} exports no race${insteadOf(exported)}: write export const race = {about, stage}`,
    );
  const text = modules.tokens();
  const name = await nameOf(path);
  const race = orRefuse(path, () =>
    raceOfOnesOwn(exported.race, {
      name,
      text,
      placeOf: (error) => modules.placeOf(error),
    }),
  );
  return {
    race,
    withCode: (linked) =>
      withOwnCode(linked, {
        hash: (kernel) => hash(`${kernel} ${text}`).slice(0, 8),
        place: (line) => modules.place(line),
      }),
  };
}

/** A schedule says of which race it is: a file's is never taken for one of the book's. */
async function nameOf(path: string): Promise<string> {
  const name = basename(path, extname(path)).replace(/\W+/g, "_");
  return (await findRace(name)) ? `own_${name}` : name;
}

function insteadOf(exported: object): string {
  const names = Object.keys(exported).filter((name) => name !== "__esModule");
  return names.length === 0 ? "" : ` but ${names.join(", ")}`;
}

/** What is wrong with a race is said by whoever finds it, while it is explored as well as before. */
export function orRefuse<T>(path: string | null, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (path === null || !(error instanceof RaceError)) throw error;
    const isPlaced = /, line \d+\)$/.test(error.message);
    throw new CliError(isPlaced ? error.message : `${path}: ${error.message}`);
  }
}
