import fc from "fast-check";
import {sources} from "virtual:kernel-source";
import {link} from "../../src/livepatch/index.ts";
import {sequences} from "./sequences.ts";
import {failureOf} from "./run.ts";
const v5_13 = link(sources);
const size = {pages: Number(process.env.PAGES ?? 4), pmds: Number(process.env.PMDS ?? 4)};
let n = 0,
  ops = 0;
const t = performance.now();
const r = fc.check(
  fc.property(sequences(size, Number(process.env.LEN ?? 24)), (s) => {
    n++;
    ops += s.length;
    const f = failureOf(v5_13, size, s);
    if (f) throw new Error(f.wrong.slice(0, 6).join("\n"));
  }),
  {
    numRuns: Number(process.env.N ?? 300),
    seed: Number(process.env.SEED ?? 1),
    endOnFailure: false,
  },
);
console.error(n, ops, performance.now() - t, r.failed);
if (r.failed) {
  console.error(
    r.counterexample![0].map((o) => `${o.proc} ${o.name} ${o.a} ${o.b} ${o.c}`).join("\n"),
  );
  console.error(String((r.errorInstance as Error)?.message).slice(0, 3000));
}
