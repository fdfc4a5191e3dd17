// Parameters of a race: from what somebody typed to values that the race knows.

import type {Parameters, Race} from "./race.ts";

export function defaultsOf(race: Race): Parameters {
  return Object.fromEntries(
    race.parameters.map((parameter) => [parameter.name, parameter.default]),
  );
}

/** All parameters, those in `set` changed. Throws an Error with one clear line where there is no such parameter or value. */
export function setParameters(
  race: Race,
  set: Readonly<Record<string, string | number>>,
): Parameters {
  const all: Record<string, string | number> = {...defaultsOf(race)};
  for (const [name, value] of Object.entries(set)) {
    const parameter = race.parameters.find((p) => p.name === name);
    if (!parameter) {
      const names = race.parameters.map((p) => p.name).join(", ");
      throw new Error(`${race.name} has no parameter "${name}": it has ${names}`);
    }
    const known = parameter.values.find((v) => String(v) === String(value));
    if (known === undefined) {
      throw new Error(
        `${name} of ${race.name} cannot be "${value}": it is one of ${parameter.values.join(", ")}`,
      );
    }
    all[name] = known;
  }
  return all;
}

/** `pages=4 mms=1`. */
export function sayParameters(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
