// A race of one's own: from what its author wrote, in a file or in a cell of the page, to a race like any other. The author
// says what it is about and stages it; the rest has defaults. Whatever is wrong with it is said in one line.

import type {Linked} from "./assemble.ts";
import {RESERVED} from "../explore/schedule.ts";
import {careful} from "./own_kernel.ts";
import {sceneOf} from "./own_scene.ts";
import type {OwnRace} from "./own_types.ts";
import type {Parameter, Race} from "./race.ts";
import {blaming, checkFields, isObject, kindOf, RaceError, type PlaceOf} from "./race_error.ts";

export type OwnSource = {
  /** What it is called, if it gives itself no name: its file's name without the ending. */
  readonly name: string;
  /** All of its code. */
  readonly text: string;
  readonly placeOf?: PlaceOf;
  /** Says a stack so that its lines of this code are known to the explorer, where they are not. */
  readonly stackOf?: (stack: string) => string;
};

const NOWHERE: PlaceOf = () => null;

/** Throws a RaceError where `definition` is none. What goes wrong later, in stage() or in a thread, is a RaceError as well. */
export function raceOfOnesOwn(definition: unknown, source: OwnSource): Race {
  const {name, text, placeOf = NOWHERE, stackOf} = source;
  const own = checkDefinition(definition);
  const {machine = {}, note = () => null} = own;
  return {
    name: legalName(own.name ?? name),
    about: own.about,
    stake: own.stake ?? "",
    parameters: (own.parameters ?? []).map(checkParameter),
    note: (parameters) => blaming("note() failed: ", placeOf, () => note(parameters)),
    machine: (parameters) => ({
      pages: 4,
      pgflags: true,
      ...blaming("machine() failed: ", placeOf, () =>
        typeof machine === "function" ? machine(parameters) : machine,
      ),
    }),
    roots: () => [...new Set(text.match(/[A-Za-z_$][\w$]*/g))],
    stage(kernel, real, parameters) {
      const around = careful(kernel, real, stackOf);
      const scene = blaming("stage() failed: ", placeOf, () =>
        around.alone(() => own.stage(around.kernel, around.machine, parameters)),
      );
      return blaming("", placeOf, () => sceneOf(scene, around, placeOf));
    },
  };
}

/** The kernel with somebody's code beside it: a schedule's hash covers both. `place` knows its lines, if they have any. */
export function withOwnCode(
  linked: Linked,
  {hash, place = () => null}: {hash: (kernel: string) => string; place?: Linked["place"]},
): Linked {
  return {
    ...linked,
    hashOf: (roots) => hash(linked.hashOf(roots)),
    place: (line) => place(line) ?? linked.place(line),
  };
}

/** As it can stand in a schedule. */
function legalName(name: string): string {
  const legal = name.replace(/[^\w+]+/g, "_").replace(/^[^A-Za-z]+/, "");
  return legal || "own";
}

const RACE = ["name", "about", "stake", "parameters", "note", "machine", "stage"];

function checkDefinition(definition: unknown): OwnRace {
  if (!isObject(definition))
    throw new RaceError(
      `a race is an object {about, stage}, and this is ${kindOf(definition)}`,
    );
  checkFields("a race", definition, RACE);
  const {name = "", about, stake = "", parameters = [], note = () => null, stage} = definition;
  if (typeof stage !== "function")
    throw new RaceError(
      `stage of the race is ${kindOf(stage)}, not a function: write stage(kernel, machine) { return {threads: [...]}; }`,
    );
  if (typeof about !== "string")
    throw new RaceError(
      `about of the race is ${kindOf(about)}: say in one sentence who does what to whom`,
    );
  for (const [field, value] of Object.entries({name, stake}))
    if (typeof value !== "string")
      throw new RaceError(`${field} of the race is ${kindOf(value)}, not a text`);
  if (typeof note !== "function")
    throw new RaceError(`note of the race is ${kindOf(note)}, not a function`);
  if (!Array.isArray(parameters))
    throw new RaceError(
      `parameters of the race is ${kindOf(parameters)}: write [{name, default, values}]`,
    );
  return definition as OwnRace;
}

/** Names and values have to fit into a schedule. */
function checkParameter(parameter: unknown): Parameter {
  if (!isObject(parameter))
    throw new RaceError(
      `a parameter is {name, default, values}, and this is ${kindOf(parameter)}`,
    );
  const {name, about = "", default: value, values} = parameter as Partial<Parameter>;
  if (typeof name !== "string" || !/^[a-z]+$/.test(name))
    throw new RaceError(
      `a parameter is called "${String(name)}": its name is small letters only`,
    );
  if (RESERVED.includes(name))
    throw new RaceError(
      `a parameter is called ${name}: schedules use that word for something else`,
    );
  if (!Array.isArray(values) || !values.every((v) => /^[\w.]+$/.test(String(v))))
    throw new RaceError(`values of the parameter ${name} must be a list of numbers or words`);
  if (value === undefined || !values.includes(value))
    throw new RaceError(
      `the default of the parameter ${name} is ${String(value)}, which is none of its values`,
    );
  return {name, about, default: value, values: values as Parameter["values"]};
}
