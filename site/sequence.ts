// A sequence of system calls, drawn: smaps as /proc prints it, and the page table and struct pages beside it.

import type {SequenceRun, SequenceStep} from "../src/recorded/index.ts";
import {element} from "./html.ts";
import {
  answerText,
  chosen,
  entryPages,
  entryTarget,
  pageMapcounts,
  pageName,
  vmstatText,
  type LookOptions,
} from "./sequence-words.ts";
import "./sequence.css";

/** What smaps prints. Lines that the last operation has changed are marked, and those of zeros are pale. */
export function smaps(run: SequenceRun, options: LookOptions = {}): HTMLElement {
  const {look, before} = chosen(run, options);
  if (!look) return nobody(options);
  const old = new Set(labelled(before?.smaps ?? ""));
  const text = labelled(look.smaps).map((line, i) => {
    const printed = look.smaps.split("\n")[i];
    return element("span", {class: lineClass(printed, !old.has(line))}, printed);
  });
  return element(
    "pre",
    {class: "sequence-smaps", tabindex: "0", role: "group", "aria-label": "smaps"},
    ...(look.smaps === "" ? ["Nothing is mapped."] : text),
  );
}

/** Each line with the range that it is about: two ranges may say the same. */
function labelled(text: string): string[] {
  let range = "";
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => {
      if (/^[0-9a-f]+-/.test(line)) range = line;
      return `${range}|${line}`;
    });
}

function lineClass(line: string, changed: boolean): string {
  if (/^[0-9a-f]+-/.test(line)) return changed ? "range changed" : "range";
  const nothing = /:\s+0( kB)?$/.test(line);
  return [changed ? "changed" : "", nothing ? "nothing" : ""].join(" ").trim();
}

function nobody({process = "parent"}: LookOptions): HTMLElement {
  return element("p", {class: "sequence-nobody"}, `There is no ${process} then.`);
}

/** The page table of a process, and the struct pages of all of them. */
export function tables(run: SequenceRun, options: LookOptions = {}): HTMLElement {
  const {step, look} = chosen(run, options);
  if (!step || !look) return nobody(options);
  const entries = table(
    "page table",
    ["pages", "entry", "of"],
    look.entries.map((one) => [
      entryPages(one),
      `${one.kind === "huge" || one.kind === "huge zero" ? "PMD" : "PTE"} ${one.bits}`.trim(),
      entryTarget(one),
    ]),
  );
  const pages = table(
    "struct pages",
    ["page", "_refcount", "mapcount", "flags"],
    step.pages.map((one) => [
      `${pageName(one)}${one.kind === "page" ? "" : ` ${one.kind}${one.n > 1 ? "s" : ""}`}`,
      String(one.refcount),
      pageMapcounts(one),
      one.flags,
    ]),
  );
  return element("div", {class: "sequence-tables"}, entries, pages);
}

function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const heading = element("tr", {}, ...head.map((name) => element("th", {scope: "col"}, name)));
  const body = rows.map(([first, ...rest]) =>
    element(
      "tr",
      {},
      element("th", {scope: "row"}, breakable(first)),
      ...rest.map((cell) => element("td", {}, breakable(cell))),
    ),
  );
  const drawn = element(
    "table",
    {},
    element("caption", {}, rows.length > 0 ? caption : `${caption}: none`),
    ...(rows.length > 0 ? [element("thead", {}, heading), element("tbody", {}, ...body)] : []),
  );
  return element(
    "div",
    {class: "table", tabindex: "0", role: "group", "aria-label": caption},
    drawn,
  );
}

/** Flags break between two of them, ranges at their dots. */
function breakable(text: string): DocumentFragment {
  const parts = text.split(/(?<=\||\.\.)/);
  const made = document.createDocumentFragment();
  made.append(
    ...parts.flatMap((part, i) => (i > 0 ? [document.createElement("wbr"), part] : [part])),
  );
  return made;
}

/** All operations, to be gone through: what is pressed is what is looked at. */
export function walkthrough(run: SequenceRun): HTMLElement {
  let at = run.steps.length - 1;
  let process = "parent";
  const presses = run.steps.map((step, i) => {
    const press = element("button", {type: "button"}, element("code", {}, step.op));
    const answer = answerText(step);
    if (answer) press.append(element("span", {}, answer));
    press.addEventListener("click", () => show((at = i)));
    return press;
  });
  const who = element("div", {class: "sequence-who", role: "group", "aria-label": "whose"});
  const counters = element("p", {class: "sequence-counters"});
  const look = element("div", {class: "sequence-look"});
  const root = element(
    "figure",
    {class: "sequence"},
    element(
      "ol",
      {class: "sequence-steps"},
      ...presses.map((press) => element("li", {}, press)),
    ),
    element("div", {class: "sequence-state"}, who, counters, look),
  );

  function show(step: number): void {
    presses.forEach((press, i) => press.setAttribute("aria-pressed", String(i === step)));
    const names = Object.keys(run.steps[step]?.processes ?? {});
    if (!names.includes(process)) process = "parent";
    who.replaceChildren(...(names.length > 1 ? names.map(tab) : []));
    counters.textContent = run.steps[step] ? countersOf(run.steps[step]) : "";
    const options = {at: step, process};
    look.replaceChildren(smaps(run, options), tables(run, options));
  }

  function tab(name: string): HTMLElement {
    const pressed = String(name === process);
    const press = element("button", {type: "button", "aria-pressed": pressed}, name);
    press.addEventListener("click", () => {
      process = name;
      show(at);
      [...who.children].find((one): one is HTMLElement => one.textContent === name)?.focus();
    });
    return press;
  }

  show(at);
  return root;
}

function countersOf(step: SequenceStep): string {
  const counted = vmstatText(step);
  return counted === "" ? "No counter of vmstat changes." : counted;
}
