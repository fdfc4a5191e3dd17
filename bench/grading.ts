// `npm run bench:grading`: how long 200 submissions take, attacks among them, and how much memory, with one process that judges and with one for each
// processor. Beside it stands what two processes gain on this machine that do nothing but count: more than that nobody can gain.

import {spawn} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {assignments} from "../notebooks/index.ts";
import {answerWith, attacks} from "../test/grade/attacks.ts";
import {solutionsOf, submissionOf} from "../test/notebooks/solutions.ts";
import {megabytes, seconds, short} from "./figures.ts";
import {describeMachine} from "./machine.ts";
import {table} from "./markdown.ts";

const SUBMISSIONS = 200;
const ATTACKED = "06-try-get-compound-head";
const LOOK = 250;

/** All attacks once, then all solutions of all assignments, from the first on again where they do not suffice. */
function submissions(): string[] {
  const hostile = attacks.map((attack) =>
    submissionOf(ATTACKED, {cells: new Map([[20, answerWith(attack)]])}),
  );
  const honest = assignments.flatMap(({name}) =>
    solutionsOf(name).map((solution) => submissionOf(name, solution)),
  );
  const more = SUBMISSIONS - hostile.length;
  return [...hostile, ...Array.from({length: more}, (_, i) => honest[i % honest.length])];
}

type Measured = {readonly ms: number; readonly kb: number};

/** Memory is that of the command and of all processes that it has started, looked at four times a second. */
function measured(args: readonly string[]): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {stdio: "ignore"});
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, memoryOf(child.pid!))), LOOK);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      clearInterval(looking);
      resolve({ms: performance.now() - begun, kb: most});
    });
  });
}

/** In kB, as Linux has it in /proc; 0 where there is none, or the process is gone. */
function memoryOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return own + children.split(" ").reduce((all, each) => all + memoryOf(Number(each)), 0);
  } catch {
    return 0;
  }
}

const COUNTING = "let n = 0; for (let i = 0; i < 3e9; i++) n = (n + i) | 0;";

async function gainOfTwo(): Promise<number> {
  const count = () => measured(["-e", COUNTING]);
  const {ms: alone} = await count();
  const both = await Promise.all([count(), count()]);
  return (2 * alone) / Math.max(...both.map(({ms}) => ms));
}

const folder = mkdtempSync(join(tmpdir(), "tailpage-grading-"));
try {
  submissions().forEach((text, i) => writeFileSync(join(folder, `${i}.html`), text));
  const grade = (workers: number) =>
    measured(["dist/tailpage.js", "grade", folder, "--json", "--workers", String(workers)]);
  const {processor, cores, load} = describeMachine(false);
  const one = await grade(1);
  const all = await grade(availableParallelism());
  const gain = short(await gainOfTwo());
  const rows = [
    {what: "one process judges", ...one},
    {what: `${availableParallelism()} processes judge`, ...all},
  ];
  const figures = table(
    [
      {
        title: `${SUBMISSIONS} submissions, ${attacks.length} of them attacks`,
        cell: ({what}) => what,
        left: true,
      },
      {title: "time", cell: ({ms}) => seconds(ms)},
      {title: "most memory", cell: ({kb}) => megabytes(kb)},
      {title: "gain", cell: ({ms}) => short(one.ms / ms)},
    ],
    rows,
  );
  process.stdout.write(
    `${processor}, ${cores} processors, load ${load.toFixed(1)} before it began\n\n${figures}\n\nTwo processes that only count gain ${gain} here.\n`,
  );
} finally {
  rmSync(folder, {recursive: true});
}
