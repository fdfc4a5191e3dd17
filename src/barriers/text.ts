// The table of barriers for a terminal: what breaks first, then what was looked at in vain, then what no race reaches.

import {grouped} from "../explore/index.ts";
import {MODEL, type Break} from "./breaks.ts";
import {sayRace, type Barriers, type Row} from "./table.ts";

/** What to type for a schedule: without this site, and with that fix. */
export type Show = (schedule: string, site: string, fix: string | null) => string;

export function barriersText({races, rows}: Barriers, show: Show): string {
  const broken = rows.filter(({tried}) => tried.some(isBroken));
  const vain = rows.filter(({tried}) => tried.length > 0 && !tried.some(isBroken));
  const unreached = rows.filter(({tried}) => tried.length === 0);
  return [
    `Each barrier, release and fully ordered operation of src/mm, taken away in every race that reaches it, under ${MODEL}.`,
    "",
    "Needed:",
    ...broken.flatMap((row) => [`  ${sayRow(row)}`, ...brokenText(row, races, show)]),
    "",
    "Nothing changes without it, in any schedule of these races:",
    ...vain.map((row) => `  ${sayRow(row)}: ${sayLooked(row)}`),
    "",
    `No race comes to these: ${unreached.map(({id}) => id).join(", ")}`,
  ].join("\n");
}

function isBroken({findings, outcomes}: Break): boolean {
  return findings.length + outcomes.length > 0;
}

function sayRow({function: name, operation, file, line}: Row): string {
  return `${operation} in ${name} (${file}:${line})`;
}

function brokenText(row: Row, races: Barriers["races"], show: Show): string[] {
  return row.tried.filter(isBroken).flatMap((one) => {
    const {fix} = races[one.race];
    const [first] = one.findings;
    const said = first
      ? [`${first.invariant}: ${first.message}`, `  ${show(first.schedule, row.id, fix)}`]
      : [`a new result: ${one.outcomes[0]}`];
    const [head, ...rest] = [`${sayRace(races[one.race])}: ${said[0]}`, ...said.slice(1)];
    return [`    ${head}`, ...rest.map((line) => `    ${line}`)];
  });
}

function sayLooked({tried}: Row): string {
  const states = tried.reduce((sum, one) => sum + one.states, 0);
  const cut = tried.filter(({complete}) => !complete).length;
  const all = `${tried.length} ${tried.length === 1 ? "race" : "races"}, ${grouped(states)} states`;
  return cut === 0 ? all : `${all}, ${cut} not to the end`;
}
