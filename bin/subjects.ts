// From what was typed to what is explored: a race, its parameters, and the kernel with its livepatches.

import {existsSync, readFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {closest} from "fastest-levenshtein";
import {fixes, fixNamed} from "../src/fixes/index.ts";
import {link, type LinkedKernel, type Livepatch} from "../src/livepatch/index.ts";
import {races, setParameters, type Parameters, type Race} from "../src/races/index.ts";
import {CliError} from "./errors.ts";
import {findRace} from "./find-race.ts";
import {isRaceFile, loadRace, type OwnRaceFile} from "./own-race.ts";

/** A race, and the file that it is from if it is none of the book's. */
export type Subject = OwnRaceFile & {readonly file: string | null};

/** `name` is a race's, or the path of a file that exports one. */
export async function findSubject(name: string): Promise<Subject> {
  if (isRaceFile(name)) return {...(await loadRace(name)), file: name};
  const race = await findRace(name);
  if (race) return inTheBook(race);
  throw new CliError(
    `there is no race "${name}": did you mean ${likeRace(name)}? (tailpage races lists them)`,
  );
}

/** The race called `name` that a schedule is of; `file` is where it is from, if it is none of the book's. */
export async function subjectOf(name: string, file: string | undefined): Promise<Subject> {
  if (file !== undefined) {
    const own = {...(await loadRace(file)), file};
    if (own.race.name === name) return own;
    throw new CliError(
      `the schedule is one of ${name}, and ${file} has the race ${own.race.name}: is it another file?`,
    );
  }
  const race = await findRace(name);
  if (race) return inTheBook(race);
  throw new CliError(
    `the book has no race "${name}": if it is from a file, add --race FILE.ts; if it is not, did you mean ${likeRace(name)}?`,
  );
}

function inTheBook(race: Race): Subject {
  return {race, file: null, withCode: (linked) => linked};
}

function likeRace(name: string): string {
  return closest(
    name,
    races.map((r) => r.name),
  );
}

/** `set` are texts such as `pages=8`. */
export function readParameters(race: Race, set: readonly string[]): Parameters {
  if (set.length > 0 && race.parameters.length === 0)
    throw new CliError(`--set ${set[0]}: ${race.name} has no parameters`);
  const pairs = set.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new CliError(`--set ${text}: write it as --set name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return parametersFrom(race, Object.fromEntries(pairs) as Record<string, string>);
}

export function parametersFrom(
  race: Race,
  values: Readonly<Record<string, string>>,
): Parameters {
  try {
    return setParameters(race, values);
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

/** `names` are names of fixes, or paths of files; `more` comes after them. */
export async function linkKernel(
  names: readonly string[],
  more: readonly Livepatch[] = [],
): Promise<LinkedKernel> {
  if (names.length + more.length === 0) return link(sources);
  // Parsers take longer to load than the rest of the command.
  const {prepare} = await import("../src/livepatch/prepare.ts");
  return link(sources, prepare(sources, [...names.map(readLivepatch), ...more]));
}

function readLivepatch(name: string): Livepatch {
  const fix = fixNamed(name);
  if (fix) return fix;
  if (!existsSync(name)) {
    const known = fixes.map((f) => f.name).join(", ");
    throw new CliError(
      `there is no livepatch "${name}": it is no file, and the fixes are ${known}`,
    );
  }
  try {
    return {name, text: readFileSync(name, "utf8")};
  } catch (error) {
    throw new CliError(`${name} cannot be read: ${(error as Error).message}`);
  }
}
