// Where nobody may be in anybody's way.

import {raceNamed, type Race} from "../src/races/index.ts";

/** The book's race, with what it only asks taken for what must hold: the split succeeds, the page is moved. */
export function asking(name: string): Race {
  const race = raceNamed(name)!;
  return {
    ...race,
    name: `${name}+asking`,
    stage(kernel, machine, parameters) {
      const scene = race.stage(kernel, machine, parameters);
      return {...scene, invariants: [...scene.invariants, ...(scene.asks ?? [])]};
    },
  };
}

/** Somebody reads smaps, and the page is moved all the same. */
export const unhindered_migration = asking("smaps_vs_migration");
