// Below an assignment: checks what is written on this page, and saves it as what is handed in. Each property that does not hold comes with the
// schedule that shows it.

import type {Property} from "../src/grade/assignment.ts";
import type {Counterexample, PropertyResult, Results} from "../src/grade/results.ts";
import {WORDS} from "../src/grade/status.ts";
import {download} from "./download.ts";
import type {Question, Verdict} from "./grade-worker.ts";
import {element} from "./html.ts";

export function checkPanel(name: string): HTMLElement {
  const check = element("button", {type: "button", class: "button"}, "Check");
  const stop = element("button", {type: "button", class: "button", hidden: ""}, "Stop");
  const save = element("button", {type: "button", class: "button"}, "Save");
  const said = element("p", {role: "status"});
  const list = element("ol", {class: "properties"});
  const schedule = element("div", {class: "counterexample"});
  let properties: readonly Property[] = [];
  let worker: Worker | null = null;

  check.addEventListener("click", () => {
    end();
    list.replaceChildren();
    schedule.replaceChildren();
    said.textContent = "Checking…";
    stop.hidden = false;
    begin().catch(({message}: Error) => hear({failed: message}));
  });
  stop.addEventListener("click", () => {
    end();
    said.textContent = "Stopped. What is above was decided before.";
  });
  save.addEventListener("click", () => {
    handIn(name).then(
      ({text}) => {
        download(fileOf(name), text, "text/html");
        said.textContent = `Saved as ${fileOf(name)}: that is what you hand in.`;
      },
      ({message}: Error) => (said.textContent = `It could not be saved: ${message}`),
    );
  });
  const panel = element(
    "div",
    {class: "check"},
    element("p", {class: "row"}, check, stop, save),
    said,
    list,
    schedule,
  );
  return panel;

  async function begin(): Promise<void> {
    const {assignment, text} = await handIn(name);
    // Stopped meanwhile, or begun anew.
    if (stop.hidden || worker) return;
    properties = assignment.properties;
    list.replaceChildren(...properties.map(waitingFor));
    worker = ask({assignment: name, file: fileOf(name), text}, hear);
  }

  function hear(verdict: Verdict): void {
    if ("decided" in verdict) return show(verdict.decided);
    end();
    if ("failed" in verdict) said.textContent = `It could not be checked: ${verdict.failed}`;
    else said.textContent = sumOf(verdict.results);
    // For whoever wants all of it: the same as the command's file of results.
    panel.dispatchEvent(new CustomEvent("graded", {bubbles: true, detail: verdict}));
  }

  function end(): void {
    worker?.terminate();
    worker = null;
    stop.hidden = true;
  }

  function show(result: PropertyResult): void {
    const i = properties.findIndex(({id}) => id === result.id);
    list.children[i]?.replaceWith(
      resultElement(result, (found) => void showSchedule(found, result)),
    );
  }

  async function showSchedule(found: Counterexample, {title}: PropertyResult): Promise<void> {
    schedule.replaceChildren(element("p", {}, "…"));
    const {runOf} = await import("./counterexample.ts");
    const run = await runOf(found);
    schedule.replaceChildren(element("p", {class: "claim"}, title), run);
    schedule.scrollIntoView({block: "nearest"});
  }
}

/** Checks and notebooks are loaded when somebody wants them: a page is read before it is answered. */
async function handIn(name: string) {
  const [{knownAssignment}, {handedIn}] = await Promise.all([
    import("../notebooks/index.ts"),
    import("./handed-in.ts"),
  ]);
  const assignment = knownAssignment(name);
  return {assignment, text: handedIn(assignment)};
}

function ask(question: Question, hear: (verdict: Verdict) => void): Worker {
  const worker = new Worker(new URL("./grade-worker.ts", import.meta.url), {type: "module"});
  worker.onmessage = ({data}: MessageEvent<Verdict>) => hear(data);
  worker.onerror = ({message}) => hear({failed: message || "the checker could not be loaded"});
  worker.postMessage(question);
  return worker;
}

function waitingFor({title, points}: Property): HTMLElement {
  return element("li", {class: "waiting"}, `${title} `, pointsOf(points));
}

function pointsOf(points: number): HTMLElement {
  return element("span", {class: "points"}, points === 1 ? "1 point" : `${points} points`);
}

/** `Did not end.` */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function resultElement(
  {title, points, status, message, counterexample}: PropertyResult,
  onShow: (found: Counterexample) => void,
): HTMLElement {
  const kind = status === "pass" ? "holds" : status === "fail" ? "violated" : "unknown";
  const item = element(
    "li",
    {},
    element(
      "p",
      {class: `verdict ${kind}`},
      element("strong", {}, sentence(WORDS[status])),
      ` ${title} `,
      pointsOf(points),
    ),
  );
  if (message !== "" && status !== "not_attempted")
    item.append(element("p", {class: "why"}, message));
  if (counterexample) {
    const show = element("button", {type: "button", class: "button"}, "Show the schedule");
    show.addEventListener("click", () => onShow(counterexample));
    item.append(show);
  }
  return item;
}

function sumOf({score, maxScore, notes}: Results): string {
  return [`${score} of ${maxScore} points, hidden checks apart.`, ...notes].join(" ");
}

function fileOf(name: string): string {
  return `${name}.html`;
}
