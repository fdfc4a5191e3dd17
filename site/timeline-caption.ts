// The sentences under the lanes: what the step did, to whom it matters, what comes next, who holds what, and,
// where something was found, what it was.

import type {Trace, TraceFinding} from "../src/explore/trace.ts";
import {breakable, cpuLabel, html} from "./timeline-elements.ts";
import type {Held} from "./timeline-held.ts";
import {
  cpuName,
  findingsAt,
  type Sentence,
  stepName,
  whatComesNext,
  whatHappens,
  whatWasOvertaken,
  whenSeen,
  whoCares,
  whoHolds,
} from "./timeline-words.ts";

export type Caption = {readonly element: HTMLElement; show(at: number): void};

/** A step that is named in a sentence is a button that goes there. */
export function drawSentence(sentence: Sentence, go: (step: number) => void): Node[] {
  return sentence.map((piece) => {
    if (typeof piece === "string") return document.createTextNode(piece);
    if ("cpu" in piece) return cpuLabel(piece.cpu, cpuName(piece.cpu));
    if ("code" in piece) return html("code", {}, ...breakable(piece.code));
    const link = html("button", {type: "button", class: "link"}, stepName(piece.step));
    link.addEventListener("click", () => go(piece.step));
    return link;
  });
}

function drawFinding(
  trace: Trace,
  finding: TraceFinding,
  go: (step: number) => void,
): HTMLElement {
  const {message, thread, file, line, dump} = finding;
  const where = file ? ` in ${finding.function}, ${file}:${line}` : "";
  const who = thread < 0 ? " Found" : " Found by ";
  const name = thread < 0 ? [] : [cpuLabel(thread, cpuName(thread))];
  const title = html(
    "p",
    {},
    html("b", {}, "✕", who),
    ...name,
    where,
    ": ",
    html("code", {}, ...breakable(message)),
  );
  const stale = whatWasOvertaken(trace, finding);
  const items = stale.map((each) => html("li", {}, ...drawSentence(each, go)));
  const lead = html("p", {}, "What it had read is not so any more:");
  const since = items.length ? [lead, html("ul", {}, ...items)] : [];
  const page = dump.length ? [html("pre", {}, dump.join("\n"))] : [];
  return html("div", {class: "timeline-finding"}, title, ...since, ...page);
}

export function caption(
  trace: Trace,
  all: readonly Held[],
  go: (step: number) => void,
): Caption {
  const element = html("div", {class: "timeline-caption"});
  const line = (kind: string, sentences: readonly Sentence[]): HTMLElement[] => {
    const pieces = sentences.flatMap((each, i) => [
      ...(i ? [" "] : []),
      ...drawSentence(each, go),
    ]);
    return pieces.length ? [html("p", {class: kind}, ...pieces)] : [];
  };

  function show(at: number): void {
    const next = whatComesNext(trace, at);
    const [place] = trace.steps[at]?.places ?? [];
    const source = place ? [html("span", {class: "place"}, `${place.file}:${place.line}`)] : [];
    const [did] = line("did", [whatHappens(trace, at)]);
    did?.append(" ", ...source);
    const findings = findingsAt(trace, at);
    const atEnd = at === trace.steps.length - 1 && trace.outcome !== null;
    element.replaceChildren(
      ...(did ? [did] : []),
      ...findings.map((each) => drawFinding(trace, each, go)),
      ...line("more", [
        ...whenSeen(trace, at),
        ...whoCares(trace, at),
        ...(next ? [next] : []),
      ]),
      ...whoHolds(trace, all, at).flatMap((each) => line("holds", [each])),
      ...(atEnd
        ? [html("p", {}, "Result of this run: ", html("code", {}, trace.outcome ?? ""))]
        : []),
    );
  }
  return {element, show};
}
