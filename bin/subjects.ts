// From what was typed to what is explored: a race, its parameters, and the kernel with its livepatches.

import {existsSync, readFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {closest} from "fastest-levenshtein";
import {fixes, fixNamed} from "../src/fixes/index.ts";
import {link, type LinkedKernel, type Livepatch} from "../src/livepatch/index.ts";
import {prepare} from "../src/livepatch/prepare.ts";
import {
  raceNamed,
  races,
  setParameters,
  type Parameters,
  type Race,
} from "../src/races/index.ts";
import {CliError} from "./errors.ts";

export function findRace(name: string): Race {
  const race = raceNamed(name);
  if (race) return race;
  const like = closest(
    name,
    races.map((r) => r.name),
  );
  throw new CliError(
    `there is no race "${name}": did you mean ${like}? (tailpage races lists them)`,
  );
}

/** `set` are texts such as `pages=8`. */
export function readParameters(race: Race, set: readonly string[]): Parameters {
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

/** `names` are names of fixes, or paths of files. */
export function linkKernel(names: readonly string[]): LinkedKernel {
  return link(sources, prepare(sources, names.map(readLivepatch)));
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
