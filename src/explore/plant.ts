// The observation trees of a program's threads, of which nothing is known yet.

import {ObservationTree} from "./observation_tree.ts";
import type {Program, Thread} from "./program.ts";

/** One tree a thread; threads that run the same code under the same name share one, or each has its own all the same. */
export function plant(
  {machine, monitors, interrupts, threads, memoryModel = "sc"}: Program,
  maxSteps: number,
  twins: "shared" | "apart",
): readonly ObservationTree[] {
  let numbers = 0;
  const options = {monitors, interrupts, maxSteps, memoryModel, nextNumber: () => numbers++};
  const trees: ObservationTree[] = [];
  threads.forEach((thread, i) => {
    const twin = twins === "shared" ? threads.findIndex((other) => areTwins(thread, other)) : i;
    trees.push(trees[twin] ?? new ObservationTree(thread, i, machine, options));
  });
  return trees;
}

/** What one has been asked need not be asked of the other. */
function areTwins(a: Thread, b: Thread): boolean {
  return a.run === b.run && a.name === b.name && a.prints === b.prints;
}
