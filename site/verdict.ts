// What an exploration found, in one sentence.

import {grouped} from "../src/explore/progress_text.ts";
import type {Finding, Report} from "../src/explore/report.ts";
import {MODEL_NAMES} from "../src/sim/memory_model.ts";

export type Verdict = {
  readonly kind: "violated" | "holds" | "unknown";
  /** The word that it begins with. */
  readonly word: string;
  /** The rest of it; what is code stands between backticks. */
  readonly sentence: string;
};

export function verdictOf(report: Report): Verdict {
  switch (report.verdict) {
    case "violated":
      return {kind: "violated", word: "Found.", sentence: foundSentence(report)};
    case "holds":
      return {
        kind: "holds",
        word: "Holds.",
        sentence: `${all(countOf(report))} of ${nameOf(report)} ${verb(report)} explored, and nothing goes wrong in any, under ${MODEL_NAMES[report.memoryModel]}.`,
      };
    case "unknown":
      return {
        kind: "unknown",
        word: "No verdict.",
        sentence: `${countOf(report)} of ${nameOf(report)} were explored before the budget ran out. Nothing went wrong in those; the others were not looked at.`,
      };
  }
}

export function verdictText(report: Report): string {
  const {word, sentence} = verdictOf(report);
  return `${word} ${sentence.replaceAll("`", "")}`;
}

function foundSentence(report: Report): string {
  const [first, ...others] = report.findings;
  if (!first) return `${nameOf(report)} goes wrong.`;
  const shortest = report.findings.reduce((a, b) => (b.steps < a.steps ? b : a), first);
  const more =
    others.length === 0 ? "" : ` It goes wrong in ${report.findings.length} different ways.`;
  const rest = report.complete ? "" : " Not all schedules were looked at.";
  const where = shortest.function ? ` in \`${shortest.function}\`` : "";
  return (
    `\`${fact(shortest.message)}\`${where}.${more} ` +
    `${shortest.shortest ? "Shortest schedule" : "A schedule"}: ${counted(shortest.steps, "step")}, ${counted(shortest.preemptions, "preemption")}. ` +
    `${decisionOf(shortest)}${countOf(report)} explored.${rest}`
  );
}

function decisionOf({decides}: Finding): string {
  if (!decides) return "";
  const [first, second] = decides.accesses.map(({kind, cell, thread, function: inside}) => {
    const where = inside ? ` in \`${inside}\`` : "";
    return `${thread}${where} does \`${kind}\` of \`${cell}\``;
  });
  return `What decides: ${first} before ${second}. `;
}

function fact(message: string): string {
  return message.replace(/[.\s]+$/, "");
}

function countOf({counts}: Report): string {
  if (counts.states !== undefined) return counted(counts.states, "state");
  return counted(counts.executions ?? 0, "schedule");
}

function verb({counts}: Report): string {
  return (counts.states ?? counts.executions) === 1 ? "was" : "were";
}

function all(count: string): string {
  return count.startsWith("1 ") ? `The only ${count.slice(2)}` : `All ${count}`;
}

function nameOf({race, parameters, livepatches}: Report): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const where = settings.length === 0 ? "" : ` (${settings.join(", ")})`;
  const patched = livepatches.length === 0 ? "" : ` with ${livepatches.join(", ")}`;
  return `\`${race}\`${where}${patched}`;
}

function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
}
