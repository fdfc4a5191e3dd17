// From a plan that fails to a smaller one that fails as well.

import type {Plan} from "./plan.ts";

/** Leaves out threads and items for as long as `fails` still says so. */
export function shrink(plan: Plan, fails: (plan: Plan) => boolean): Plan {
  const smaller = smallerOnes(plan).find(fails);
  return smaller ? shrink(smaller, fails) : plan;
}

function smallerOnes({first, threads}: Plan): Plan[] {
  const fewerThreads = threads.map((_, t) => ({
    first,
    threads: threads.filter((_, i) => i !== t),
  }));
  const fewerItems = threads.flatMap((items, t) =>
    items.map((_, at) => ({
      first,
      threads: threads.map((old, i) => (i === t ? old.filter((_, j) => j !== at) : old)),
    })),
  );
  const zeroes = first.some((value) => value !== 0) ? [{first: [0, 0, 0], threads}] : [];
  return [...fewerThreads, ...fewerItems, ...zeroes];
}
