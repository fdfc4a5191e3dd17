// What is compared: the races of the story, in sizes that are explored to the end, and which fixes are held against them.
//
// A fix is held against all races of a family if it changes what one of them runs. Where it does not change the code of a race, what
// was found without it stands: the table says that as well, since "this fix leaves that race open" is an answer.

import {raceNamed, setParameters, type Parameters, type Race} from "../races/index.ts";

/** One race in one size. */
export type Arena = {
  readonly race: Race;
  readonly parameters: Parameters;
  /** It is explored with store buffers, too, which takes ten times as long. */
  readonly buffered?: boolean;
};

export type Family = {
  readonly about: string;
  /** False: none of the fixes is about this, even if it changes a line of it. */
  readonly mendable?: boolean;
  readonly arenas: readonly Arena[];
};

type Set = Readonly<Record<string, string | number>>;

function arenas(name: string, ...sets: readonly Set[]): Arena[] {
  const race = raceNamed(name);
  if (!race) throw new Error(`there is no race ${name}`);
  return sets.map((set) => ({
    race,
    parameters: setParameters(race, set),
    buffered: BUFFERED.includes(name) && Object.keys(set).length === 0,
  }));
}

/** The two races of the story, in their usual size. */
const BUFFERED = ["smaps_vs_split", "gup_fast_vs_split"];

export function families(): readonly Family[] {
  return [
    {
      about: "who counts the mappings of a page while it is split or moved",
      arenas: [
        ...arenas(
          "smaps_vs_split",
          {},
          {pages: 2, mms: 2},
          {pgflags: "off"},
          {splitter: "pmd"},
        ),
        ...arenas("smaps_rollup_vs_split", {pages: 2}),
        ...arenas("pagemap_vs_split", {}, {pages: 2, mms: 2}),
        ...arenas("kpagecount_vs_split", {pages: 2}),
        ...arenas("smaps_vs_migration", {}, {mms: 2}),
      ],
    },
    {
      about: "who takes a reference to a page without a lock",
      arenas: [
        ...arenas("gup_fast_vs_split", {}, {use: "pin"}, {ipi: "on"}, {debug_vm: "on"}),
        ...arenas("gup_fast_vs_free", {}, {ipi: "on"}, {mapped: "small"}),
        ...arenas("gup_fast_vs_collapse", {}, {ipi: "on"}),
        ...arenas("split_vs_pin", {}, {ipi: "off"}),
      ],
    },
    {
      about: "what a reference is good for, and what it costs, whatever is mended elsewhere",
      mendable: false,
      arenas: [
        ...arenas("freeze_vs_get", {}, {page: "tail"}),
        ...arenas("freeze_vs_try_get_page", {}, {page: "tail"}),
        ...arenas("migration_vs_fault", {}, {faults: 2}),
      ],
    },
  ];
}
