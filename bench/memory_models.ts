// `npm run bench:memory`: what store buffers cost. Each race of the book in its usual size, under the three memory models: states, transitions,
// time. Litmus tests are left out, which have a few dozen states.

import {sources} from "virtual:kernel-source";
import {explore, MEMORY_MODELS, type MemoryModel, type Report} from "../src/explore/index.ts";
import {link} from "../src/livepatch/index.ts";
import {assemble, defaultsOf, races, setParameters, type Race} from "../src/races/index.ts";
import {count, seconds, short} from "./figures.ts";
import {describeMachine} from "./machine.ts";
import {table, type Column} from "./markdown.ts";

/** A search that has so many states is given up, and its row says so. */
const MOST_STATES = 3_000_000;

const kernel = link(sources);

function explored(race: Race, memoryModel: MemoryModel): Report {
  const fresh = () => assemble(race, kernel, setParameters(race, {}));
  return explore(fresh, defaultsOf(race), {memoryModel, maxStates: MOST_STATES, brief: true});
}

type Row = {readonly race: string; readonly reports: readonly Report[]};

/** Against the first, which takes turns. */
function stateCount({reports}: Row, i: number): string {
  const states = (report: Report): number => report.counts.states!;
  const said = count(states(reports[i]));
  if (!reports[i].complete) return `more than ${said}`;
  return i === 0 ? said : `${said} (${short(states(reports[i]) / states(reports[0]))} times)`;
}

function verdict({verdict: said, complete, findings}: Report): string {
  return complete ? said : `${findings.length > 0 ? said : "unknown"}, not to the end`;
}

const columns: readonly Column<Row>[] = [
  {title: "race", cell: ({race}) => race, left: true},
  ...MEMORY_MODELS.flatMap((model, i): Column<Row>[] => [
    {title: model, cell: ({reports}) => verdict(reports[i]), left: true},
    {title: "states", cell: (row) => stateCount(row, i)},
    {title: "transitions", cell: ({reports}) => count(reports[i].counts.transitions!)},
    {title: "time", cell: ({reports}) => seconds(reports[i].elapsedMs)},
  ]),
];

const rows = races
  .filter(({name}) => !name.startsWith("litmus_"))
  .map((race): Row => {
    process.stderr.write(`${race.name}\n`);
    return {race: race.name, reports: MEMORY_MODELS.map((model) => explored(race, model))};
  });
const {processor, cores, load} = describeMachine(false);
process.stdout.write(
  `${processor}, ${cores} processors, load ${load.toFixed(1)}\n\n${table(columns, rows)}\n`,
);
