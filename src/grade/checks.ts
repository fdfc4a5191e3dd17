// The kinds of properties that an assignment is judged by. Each explores, runs or asks, and says what is wrong in a sentence, with a schedule where
// there is one.

import type {Finding, Measure, Report, Trace} from "../explore/index.ts";
import type {OwnKernel} from "../races/index.ts";
import type {Machine, MachineOptions} from "../sim/index.ts";
import type {Property, Variant} from "./assignment.ts";
import type {Judgement, Scenario, Student} from "./student.ts";

/** What all kinds have. */
type About = Pick<Property, "id" | "title" | "points" | "needs">;

/** May be the student's own. */
type ForVariant<T> = T | ((variant: Variant) => T);

function of<T>(value: ForVariant<T>, {variant}: Student): T {
  return typeof value === "function" ? (value as (variant: Variant) => T)(variant) : value;
}

const PASS: Judgement = {status: "pass"};

/** These end a run: of what comes after them nothing is known, so no other property holds either. */
const ENDS = /^no BUG$|^no deadlock$|^no livelock$/;

type Holds = About & {
  readonly in: ForVariant<Scenario>;
  /** Names of the invariants, monitors or asks that it is about; everything that can go wrong, if none is named. */
  readonly only?: readonly string[];
  /** Outcomes that some schedule must have: who does nothing does nothing wrong. */
  readonly some?: readonly string[];
};

/** In every schedule of a race nothing goes wrong. */
export function holds({in: where, only, some = [], ...about}: Holds): Property {
  return {
    ...about,
    judge(student) {
      const scenario = of(where, student);
      const {findings, outcomes} = student.explore(scenario);
      const own = findings.find(({invariant}) => !only || only.includes(invariant));
      if (own) return failed(scenario, own);
      const end = findings.find(({invariant}) => ENDS.test(invariant));
      return end ? failed(scenario, end) : haveAll(outcomes, some);
    },
  };
}

function haveAll(outcomes: readonly string[], some: readonly string[]): Judgement {
  const missing = some.find((outcome) => !outcomes.includes(outcome));
  if (missing === undefined) return PASS;
  return {status: "fail", message: `no schedule gives: ${missing}`};
}

function failed(scenario: Scenario, {message, schedule}: Finding): Judgement {
  return {status: "fail", message, schedule, scenario};
}

type Prints = About & {
  readonly in: ForVariant<Scenario>;
  /** What is wrong with an outcome of the race, or null. */
  wrong(outcome: string, variant: Variant): string | null;
  /** Outcomes that some schedule must have. */
  readonly some?: readonly string[];
};

/** Whatever the schedule, what comes out is right. A run that ends in a BUG has a wrong outcome. */
export function prints({in: where, wrong, some = [], ...about}: Prints): Property {
  return {
    ...about,
    judge(student) {
      const scenario = of(where, student);
      const report = student.explore(scenario, {measures: []});
      const ended = report.findings.find(({invariant}) => ENDS.test(invariant));
      if (ended) return failed(scenario, ended);
      for (const [i, outcome] of report.outcomes.entries()) {
        const message = wrong(outcome, student.variant);
        if (message !== null)
          return {status: "fail", message, schedule: witness(report, i), scenario};
      }
      return haveAll(report.outcomes, some);
    },
  };
}

function witness({witnesses}: Report, i: number): string {
  return witnesses?.[i] ?? "";
}

type Costs = About & {
  readonly in: ForVariant<Scenario>;
  readonly measure: Measure;
  readonly most: ForVariant<number>;
};

/** Whatever the schedule, a run costs no more than so much. */
export function costs({in: where, measure, most, ...about}: Costs): Property {
  return {
    ...about,
    judge(student) {
      const scenario = of(where, student);
      const bound = of(most, student);
      const {most: measured = [], findings} = student.explore(scenario, {measures: [measure]});
      const ended = findings.find(({invariant}) => ENDS.test(invariant));
      if (ended) return failed(scenario, ended);
      const [cost] = measured;
      if (!cost)
        return {
          status: "fail",
          message: `${measure.name}: there is no bound, a run can go round for ever`,
        };
      if (cost.most <= bound) return PASS;
      const message = `${measure.name}: ${cost.most}, and ${bound} would be enough`;
      return {status: "fail", message, schedule: cost.schedule, scenario};
    },
  };
}

/** One question to a function, and what is wrong with its answer. */
export type Case = {
  /** `make_migration_entry(page[3], 0)`: as it is told to the student. */
  readonly asks: string;
  answer(): unknown;
  readonly expected: unknown;
};

type Values = About & {
  readonly on?: MachineOptions;
  cases(machine: {kernel: OwnKernel; machine: Machine}, variant: Variant): Iterable<Case>;
};

/** Functions, asked one by one with nobody else there. */
export function values({on = {pages: 4, pgflags: true}, cases, ...about}: Values): Property {
  return {
    ...about,
    judge(student) {
      for (const {asks, answer, expected} of cases(student.kernel(on), student.variant)) {
        const said = student.asked(answer);
        if (!Object.is(said, expected))
          return {
            status: "fail",
            message: `${asks} is ${say(said)}, and should be ${say(expected)}`,
          };
      }
      return PASS;
    },
  };
}

function say(value: unknown): string {
  if (typeof value === "object" && value !== null && "name" in value) return String(value.name);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.slice(0, 200);
}

type Runs = About & {
  readonly in: ForVariant<Scenario>;
  /** Threads that run one after the other, each to its end; all of them in their order, if none are named. */
  readonly order?: readonly number[];
  /** What is wrong with the run, or null. */
  wrong(trace: Trace, variant: Variant): string | null;
};

/** One run, with nobody in between, and what it did in which order. */
export function runs({in: where, order, wrong, ...about}: Runs): Property {
  return {
    ...about,
    judge(student) {
      const scenario = of(where, student);
      const trace = student.run(scenario, {order, lines: true});
      const [finding] = trace.findings;
      const message = finding?.message ?? wrong(trace, student.variant);
      if (message === null) return PASS;
      return {status: "fail", message, schedule: trace.schedule, scenario};
    },
  };
}

type Schedules = About & {
  readonly in: ForVariant<Scenario>;
  /** What is wrong with the run that the student's schedule makes of v5.13, or null. */
  wrong(trace: Trace, variant: Variant): string | null;
};

/** A schedule that the student has found does what was asked for. It needs one name: that of the schedule. */
export function schedules({in: where, wrong, ...about}: Schedules): Property {
  return {
    ...about,
    judge(student) {
      const scenario = of(where, student);
      const trace = student.scheduled(about.needs[0], scenario);
      const message = wrong(trace, student.variant);
      if (message === null) return PASS;
      return {status: "fail", message, schedule: trace.schedule, scenario};
    },
  };
}
