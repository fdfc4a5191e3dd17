// Drawing the struct pages and the page tables: a card for each page, with what it is just now, who has a claim on it, and the fields
// that matter; a row of entries for each process above them. Lines join an entry to its page, and a tail to its head.

import type {Trace} from "../src/explore/trace.ts";
import {html, paint, svg} from "./timeline-elements.ts";
import type {Held} from "./timeline-held.ts";
import type {WordState} from "./timeline-state.ts";
import {
  CARD_FIELDS,
  claimsOn,
  headOf,
  namedBy,
  roleOf,
  structPages,
  tables,
  type StructPage,
  type Table,
} from "./timeline-story.ts";
import {drawFlags, drawValue} from "./timeline-values.ts";
import {drawWires, type Wire} from "./timeline-wires.ts";

export type Cards = {
  readonly element: HTMLElement;
  /** Words that are drawn here, so that nobody draws them again. */
  readonly words: ReadonlySet<number>;
  show(at: number, state: readonly WordState[]): void;
};

type Box = {readonly element: HTMLElement; show(at: number, state: readonly WordState[]): void};

/** Null where the race has no struct pages. */
export function cards(trace: Trace, all: readonly Held[]): Cards | null {
  const pages = structPages(trace);
  if (pages.length === 0) return null;
  const drawn = pages.map((page) => drawPage(trace, all, page));
  const rows = tables(trace).map((table) => drawTable(trace, table));
  const wires = svg("svg", {class: "timeline-wires", "aria-hidden": "true"});
  const row = html("div", {class: "timeline-pages"}, ...drawn.map(({element}) => element));
  const element = html("div", {class: "timeline-story"}, wires);
  element.append(...rows.map((each) => each.element), row);
  element.style.setProperty("--pages", String(Math.min(pages.length, 5)));

  let latest: readonly WordState[] = [];
  const join = (): void => {
    // Nothing is measured that the page has not laid out: when it does, it says so as of a new size.
    if (!element.checkVisibility({contentVisibilityAuto: true})) return;
    const cardOf = new Map(pages.map(({name}, i) => [name, drawn[i].element]));
    drawWires(wires, element, [
      ...rows.flatMap((each) => each.wires(latest, cardOf)),
      ...tailWires(pages, latest, cardOf),
    ]);
  };
  new ResizeObserver(join).observe(element);
  // Measured once all has been written, and once only however many steps a frame has.
  let frame = 0;
  const joinSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(join);
  };

  function show(at: number, state: readonly WordState[]): void {
    latest = state;
    const thread = trace.steps[at]?.thread ?? 0;
    paint(element, thread);
    for (const box of [...drawn, ...rows]) box.show(at, state);
    joinSoon();
  }
  const core = pages.flatMap(({fields}) => CARD_FIELDS.map((field) => fields.get(field) ?? -1));
  const entries = tables(trace).flatMap(({pmd, ptes}) => [pmd, ...ptes]);
  return {element, words: new Set([...core, ...entries]), show};
}

function tailWires(
  pages: readonly StructPage[],
  state: readonly WordState[],
  cardOf: ReadonlyMap<string, HTMLElement>,
): Wire[] {
  return pages.flatMap((page) => {
    const head = state.length > 0 ? headOf(page, state) : null;
    const [from, to] = [cardOf.get(page.name), cardOf.get(head ?? "")];
    return from && to ? [{from, to, how: "tail"}] : [];
  });
}

function drawPage(trace: Trace, all: readonly Held[], page: StructPage): Box {
  const role = html("span", {class: "timeline-role"});
  const heading = html("div", {class: "timeline-heading"}, html("b", {}, page.name), role);
  const claims = html("p", {class: "timeline-claims"});
  const rows = CARD_FIELDS.flatMap((field) => {
    const word = page.fields.get(field);
    if (word === undefined) return [];
    const value = html("dd");
    return [{word, field, value, row: html("div", {}, html("dt", {}, field), value)}];
  });
  const list = html("dl", {}, ...rows.map(({row}) => row));
  const named = html("p", {class: "timeline-named"});
  const aside = html("p", {class: "timeline-minor"});
  const element = html("div", {class: "timeline-page", role: "group", "aria-label": page.name});
  element.append(heading, claims, list, named, aside);
  const minor = [...page.fields].filter(
    ([field]) => !CARD_FIELDS.some((core) => core === field),
  );

  function show(at: number, state: readonly WordState[]): void {
    const claimed = claimsOn(page, trace, all, at);
    const name = roleOf(page, state);
    role.textContent = name;
    claims.textContent = claimed.join(" · ");
    for (const {word, field, value} of rows) {
      if (field === "flags") drawFlags(value, state[word]);
      else drawValue(value, state[word]);
    }
    const names = namedBy(page.name, trace, state);
    named.textContent = names.length > 0 ? `named by ${names.join(" and ")}` : "";
    const touched = minor.filter(([, word]) => state[word].touched);
    aside.replaceChildren(...touched.flatMap(([field, word]) => drawMinor(field, state[word])));
    const isTouched = [...page.fields.values()].some((word) => state[word].touched);
    element.classList.toggle(
      "frozen",
      claimed.some((claim) => claim.startsWith("frozen")),
    );
    element.classList.toggle("is-head", name === "head");
    element.classList.toggle("is-tail", name.startsWith("tail"));
    element.classList.toggle("touched", isTouched);
  }
  return {element, show};
}

/** A field that has no row of its own, while a step is about it. */
function drawMinor(field: string, state: WordState): HTMLElement[] {
  const value = html("span");
  drawValue(value, state);
  return [html("span", {class: "timeline-field"}, field, " ", value)];
}

type Row = Box & {
  wires(state: readonly WordState[], cardOf: ReadonlyMap<string, HTMLElement>): Wire[];
};

function drawTable(trace: Trace, {name, pmd, ptes}: Table): Row {
  const entries = [...(pmd < 0 ? [] : [pmd]), ...ptes].map((word) => {
    const value = html("span", {class: "timeline-names"});
    const label = html("span", {class: "timeline-label"}, trace.words[word].field);
    const kind = word === pmd ? "pmd" : "pte";
    return {word, value, element: html("div", {class: `timeline-entry ${kind}`}, label, value)};
  });
  const element = html("div", {class: "timeline-table", role: "group"});
  element.setAttribute("aria-label", `the page table of ${name}`);
  element.append(
    html("b", {class: "timeline-mm"}, name),
    ...entries.map((each) => each.element),
  );

  function show(_: number, state: readonly WordState[]): void {
    for (const {word, value, element: box} of entries) {
      const {names, touched, text} = state[word];
      drawValue(value, state[word]);
      const how = names?.how ?? (text === "none" ? "empty" : "other");
      const kind = word === pmd ? "pmd" : "pte";
      box.className = `timeline-entry ${kind} names-${how}${touched ? " touched" : ""}`;
    }
    // Below a huge PMD nobody looks.
    element.classList.toggle("unused", pmd >= 0 && state[pmd].names?.how !== "table");
  }

  function wires(
    state: readonly WordState[],
    cardOf: ReadonlyMap<string, HTMLElement>,
  ): Wire[] {
    return entries.flatMap(({word, element: from}) => {
      const names = state[word]?.names;
      const to = cardOf.get(names?.to ?? "");
      return names && to ? [{from, to, how: names.how}] : [];
    });
  }
  return {element, show, wires};
}
