// Predict, then run: what a reader may be asked before a step is shown. Question, choices and answer are read off the trace; the
// wrong choices are values that the word has had, or will have, or might have if somebody had counted on.

import type {Trace} from "../src/explore/trace.ts";
import {findingsAt, type Sentence} from "./timeline-words.ts";
import {stateAt} from "./timeline-state.ts";
import {writesWord} from "./timeline-steps.ts";

/** What is asked: the value that a step reads or leaves behind, who has to wait since, or whether it goes wrong. */
export type Ask = "value" | "waits" | "wrong";

/** A step before which the reader is asked, counted from 0; the page finds out what there is to ask, unless it is said. */
export type Predict = number | {readonly step: number; readonly ask?: Ask};

export type Question = {
  readonly step: number;
  readonly text: Sentence;
  readonly choices: readonly {readonly label: string; readonly isRight: boolean}[];
  /** What is so, and where that comes from. */
  readonly answer: readonly Sentence[];
};

const MOST_CHOICES = 4;

/** The questions of a trace in the order of its steps. A step that has nothing to ask about is passed over, and the first, which has nothing before it. */
export function questionsOf(trace: Trace, predict: readonly Predict[]): Question[] {
  return predict
    .map((each) => (typeof each === "number" ? {step: each} : each))
    .filter(({step}) => step > 0 && step < trace.steps.length)
    .sort((a, b) => a.step - b.step)
    .map(({step, ask = whatToAsk(trace, step)}) => questionAt(trace, step, ask))
    .filter(({choices}) => choices.length > 1);
}

function whatToAsk(trace: Trace, step: number): Ask {
  if (trace.waits.some(({from}) => from === step)) return "waits";
  const {learnt, shared, word} = trace.steps[step];
  return shared && (learnt !== null || word >= 0) ? "value" : "wrong";
}

function questionAt(trace: Trace, step: number, ask: Ask): Question {
  switch (ask) {
    case "value":
      return {step, ...aboutValue(trace, step)};
    case "waits":
      return {step, ...aboutWaiting(trace, step)};
    case "wrong":
      return {step, ...aboutFinding(trace, step)};
  }
}

type Asked = Omit<Question, "step">;

function aboutValue(trace: Trace, at: number): Asked {
  const step = trace.steps[at];
  const {thread, learnt} = step;
  const code = trace.words[step.word]?.name ?? "";
  const now = stateAt(trace, at)[step.word]?.text ?? "";
  const right = learnt ?? now;
  const lead: Sentence = [{cpu: thread}, "’s next step is ", {code: `${step.kind}(${code})`}];
  const asks =
    learnt === null ? [". What will ", {code}, " hold then?"] : [". What will it learn?"];
  return {
    text: [...lead, ...asks],
    choices: valuesLike(trace, at, right).map((label) => ({label, isRight: label === right})),
    answer: [
      learnt === null
        ? [{code}, " holds ", {code: right}, "."]
        : ["It learns ", {code: right}, "."],
      lastChange(trace, at),
    ],
  };
}

/** Who made the word what it was. */
function lastChange(trace: Trace, at: number): Sentence {
  const {word} = trace.steps[at];
  const code = trace.words[word]?.name ?? "";
  const writer = trace.steps.slice(0, at).findLastIndex((step) => writesWord(step, word));
  if (writer < 0) return ["Nobody had written ", {code}, " before."];
  return [{cpu: trace.steps[writer].thread}, " had written it last, at ", {step: writer}, "."];
}

/** Two to four values of the kind of `right`, `right` among them. */
function valuesLike(trace: Trace, at: number, right: string): string[] {
  const {word} = trace.steps[at];
  if (right === "true" || right === "false") return ["true", "false"];
  const isWhole = stateAt(trace, at)[word]?.text === right;
  if (!isWhole && /^[01]$/.test(right)) return ["0", "1"];

  const had = trace.steps.flatMap(({changes}) => changes.filter((each) => each.word === word));
  const first = trace.words[word]?.text ?? "";
  const texts = isWhole ? [...had.map(({text}) => text).reverse(), first] : [];
  const counted = /^-?\d+$/.test(right) ? [Number(right) + 1, Number(right) - 1] : [];
  const others = [...texts, ...counted.map(String), ...fieldElsewhere(trace, word)];
  const chosen = [...new Set([right, ...others])].slice(0, MOST_CHOICES);
  // Where the right one stands must not give it away.
  const inOrder = [...new Set([first, ...had.map(({text}) => text)])];
  const place = (text: string): number =>
    counted.length > 0 ? Number(text) : inOrder.indexOf(text);
  return chosen.sort((a, b) => place(a) - place(b));
}

/** What the same field of other objects holds at first. */
function fieldElsewhere({words}: Trace, word: number): string[] {
  const field = words[word]?.field;
  return words.filter((each) => each.field === field).map(({text}) => text);
}

function aboutWaiting(trace: Trace, at: number): Asked {
  const {thread, kind, word} = trace.steps[at];
  const code = trace.words[word] ? `${kind}(${trace.words[word].name})` : kind;
  const since = trace.waits.filter(({from}) => from === at);
  const cpus = [...trace.threads.keys()];
  const waits = (cpu: number): boolean => since.some((wait) => wait.thread === cpu);
  return {
    text: [{cpu: thread}, "’s next step is ", {code}, ". Who has to wait then?"],
    choices: [
      ...cpus.map((cpu) => ({label: `CPU ${cpu}`, isRight: waits(cpu)})),
      {label: "nobody", isRight: since.length === 0},
    ],
    answer: since.length
      ? since.map((wait) => [{cpu: wait.thread}, ` waits for ${wait.what.join(" or ")}.`])
      : [["Nobody has to wait."]],
  };
}

function aboutFinding(trace: Trace, at: number): Asked {
  const {thread, kind, word} = trace.steps[at];
  const code = trace.words[word] ? `${kind}(${trace.words[word].name})` : kind;
  const [found] = findingsAt(trace, at);
  return {
    text: [{cpu: thread}, "’s next step is ", {code}, ". Is it the one that goes wrong?"],
    choices: [
      {label: "yes, this one", isRight: found !== undefined},
      {label: "no, it goes well", isRight: found === undefined},
    ],
    answer: [found ? ["It does: ", {code: found.message}, "."] : ["It goes well."]],
  };
}
