// `tailpage races`: what can be explored.

import {parseArgs} from "node:util";
import {races} from "../src/races/index.ts";

export const RACES_HELP = `tailpage races [--json]

Lists the races, their parameters and defaults.`;

export function runRaces(args: string[]): number {
  const {values} = parseArgs({
    args,
    options: {json: {type: "boolean", default: false}, help: {type: "boolean", default: false}},
  });
  if (values.help) process.stdout.write(`${RACES_HELP}\n`);
  else
    process.stdout.write(
      values.json ? `${JSON.stringify({races: data()}, null, 2)}\n` : describe(),
    );
  return 0;
}

function data() {
  return races.map(({name, about, stake, parameters}) => ({name, about, stake, parameters}));
}

function describe(): string {
  return races
    .map(({name, about, stake, parameters}) => {
      const set = parameters.map(
        (p) =>
          `  --set ${p.name}=${p.default}`.padEnd(24) + `${p.about} (${p.values.join(", ")})`,
      );
      return [name, `  ${about}`, `  ${stake}`, ...set, ""].join("\n");
    })
    .join("\n");
}
