// Submissions, judged in processes beside this one, one at a time in each. A process that goes on for too long, or dies, loses the property that
// it was at, and the rest is judged by another; one that has grown judges nobody else.

import {fork, type ChildProcess} from "node:child_process";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {
  resultOf,
  unreadable,
  type Course,
  type PropertyResult,
  type Results,
} from "../src/grade/index.ts";
import type {Order, Said} from "./grade-child.ts";
import {CHILD} from "./grade-child-mark.ts";
import {ROOT} from "./root.ts";

/** Of the heap of a process, in MB: with all else it stays below half of what two of them may have together. */
const MOST_HEAP = 256;
/** An exploration makes many small objects that live for a little longer than usual. In MB. */
const YOUNG = ["--min-semi-space-size=16", "--max-semi-space-size=32"];
/**
 * Every race has a kernel of its own, whose functions an engine would compile again for each, on other processors, which have
 * submissions of their own to judge. Most races are over before that pays: this is thirty times its usual patience.
 */
const UNHURRIED = ["--interrupt-budget=2000000", "--single-threaded-gc"];

export type PoolOptions = {
  readonly workers?: number;
  /** Seconds of the clock that one property may take. */
  readonly seconds: number;
  onDone(done: number): void;
};

/** What is to be judged, and by what. */
export type Job = {readonly order: Omit<Order, "decided">; readonly course: Course};

/** In the order of the jobs, whoever is finished first. */
export async function gradeAll(
  jobs: readonly Job[],
  {workers = availableParallelism(), seconds, onDone}: PoolOptions,
): Promise<Results[]> {
  const results: Results[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const grader = new Grader(seconds);
    while (next < jobs.length) {
      const mine = next++;
      results[mine] = await grader.grade(jobs[mine]);
      onDone(++done);
    }
    grader.end();
  };
  await Promise.all(Array.from({length: Math.min(workers, jobs.length)}, work));
  return results;
}

type End = "hang" | "memory" | "error";

const MESSAGES: Readonly<Record<End, string>> = {
  error: "the grader failed while it judged this: the checks or the grader have a mistake",
  hang: "judging this took longer than it may",
  memory: "judging this took more memory than it may",
};

/** A process, and another one after it where that must be. */
class Grader {
  private child: ChildProcess | null = null;
  private readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  async grade({order, course}: Job): Promise<Results> {
    const decided: PropertyResult[] = [];
    for (;;) {
      const results = await this.ask({...order, decided}, (result) => decided.push(result));
      if (typeof results !== "string") return results;
      const property = course.assignment.properties[decided.length];
      // It died after all was said: nothing more is to be had from it.
      if (!property)
        return unreadable(order.handedIn.file, "the grader ended without a word", course);
      const outcome = {status: results, message: MESSAGES[results]};
      decided.push(resultOf(property, course, outcome));
    }
  }

  end(): void {
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  /** Results; or how the process ended that should have had some. */
  private ask(
    order: Order,
    onDecided: (result: PropertyResult) => void,
  ): Promise<Results | End> {
    const child = (this.child ??= startChild());
    return new Promise((resolve, reject) => {
      let end: End | null = null;
      let clock = this.startClock(() => (end = "hang"));
      const settle = (answer: Results | End): void => {
        clearTimeout(clock);
        child.removeAllListeners();
        resolve(answer);
      };
      child.on("message", (said: Said) => {
        if ("results" in said) {
          if (said.isWorn) this.end();
          return settle(said.results);
        }
        clearTimeout(clock);
        onDecided(said.decided);
        clock = this.startClock(() => (end = "hang"));
      });
      child.once("error", reject);
      child.once("exit", (_code, signal) => {
        this.child = null;
        // An engine that has no more memory aborts.
        settle(end ?? (signal === "SIGABRT" ? "memory" : "error"));
      });
      child.send(order);
    });
  }

  private startClock(onEnd: () => void) {
    const {child} = this;
    return setTimeout(() => {
      onEnd();
      child?.kill("SIGKILL");
    }, this.seconds * 1000);
  }
}

function startChild(): ChildProcess {
  return fork(join(ROOT, "dist", "tailpage.js"), [], {
    env: {[CHILD]: "1"},
    execArgv: [`--max-old-space-size=${MOST_HEAP}`, ...YOUNG, ...UNHURRIED],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}
