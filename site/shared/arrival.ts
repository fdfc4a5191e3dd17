// Where a link arrives. Nothing of it runs by itself: the page says whose code it is not, shows how it differs from the book, and has a button.

import type {PageData} from "../../src/book/page.ts";
import {unpackShared, type Shared, type SharedText} from "../../src/book/shared_link.ts";
import {element} from "../html.ts";
import {fontsOfPage, stylesOfPage} from "./clothes.ts";
import {review, type Foreign} from "./review.ts";
import {openFrame} from "./strangers.ts";
import {takeOver} from "./take-over.ts";
import "./shared.css";

/** The chapter's text stays as it is printed, below what is said of the link. */
export async function arrive(data: PageData): Promise<void> {
  const main = document.getElementById("text")!;
  try {
    show(main, data, (await unpackShared(location.hash))!);
  } catch (error) {
    const leave = button("Read the book instead");
    leave.addEventListener("click", leaveLink);
    const said = element("p", {class: "problem", role: "alert"}, (error as Error).message);
    main.prepend(element("section", {class: "arrival"}, said, leave));
  }
}

function show(main: HTMLElement, data: PageData, shared: Shared): void {
  const html = main.innerHTML;
  const foreign = foreignIn(data, shared);
  const section = element("section", {class: "arrival", "aria-labelledby": "arrival-title"});
  section.append(
    element("h2", {id: "arrival-title"}, "This link carries somebody else’s code"),
    element("p", {}, whatItIs(foreign, shared)),
    ...warnings(data, shared).map((words) => element("p", {class: "warning"}, words)),
    review(foreign),
  );
  const run = button("Run it, shut away", "primary");
  const leave = button("Read the book instead");
  const keep = button("Take it over as mine");
  section.append(
    element("div", {class: "row"}, run, leave, ...(foreign.length > 0 ? [keep] : [])),
    element("p", {class: "aside"}, SHUT_AWAY),
  );
  main.prepend(section);

  leave.addEventListener("click", () => leaveLink());
  keep.addEventListener("click", () => {
    keep.disabled = true;
    section.append(takeOver(data.chapter, known(data, shared), () => leaveLink()));
  });
  run.addEventListener("click", () => {
    run.disabled = true;
    void runThere(main, section, {data, shared, html}).catch((error: unknown) => {
      run.disabled = false;
      section.append(element("p", {class: "problem", role: "alert"}, (error as Error).message));
    });
  });
}

const SHUT_AWAY =
  "Shut away means: in a frame without an origin and an engine of its own, where it reaches neither what you keep in this browser, " +
  "nor your other edits, nor the network. It can show you anything it likes below the line, and what it shows is not the book’s.";

function whatItIs(foreign: readonly Foreign[], {schedule}: Shared): string {
  const texts =
    foreign.length === 1
      ? "one text of this chapter"
      : `${foreign.length} texts of this chapter`;
  if (foreign.length === 0)
    return "It has not run. It carries no code, only a schedule: an order of steps for the book’s own code.";
  return `It has not run. It changes ${texts}${schedule ? ", and carries a schedule to be shown" : ""}. This is how it differs from the book:`;
}

function warnings(data: PageData, shared: Shared): string[] {
  const lost = [...shared.cells, ...shared.kernel].length - foreignIn(data, shared).length;
  return [
    ...(shared.edition === data.edition
      ? []
      : [
          `It was made in another edition of the book (${shared.edition}; this is ${data.edition}): what it was changed from may have read otherwise there.`,
        ]),
    ...(lost === 0
      ? []
      : [`${lost} of its texts belong to nothing that this chapter has, and are left out.`]),
  ];
}

function foreignIn(data: PageData, shared: Shared): Foreign[] {
  const {cells, kernel} = known(data, shared);
  return [
    ...kernel.map(({name, text}) => ({
      what: `the function ${name}`,
      original: data.listings.find((listing) => listing.name === name)!.code,
      text,
    })),
    ...cells.map(({name, text}) => {
      const cell = data.cells.find(({id}) => id === name)!;
      const names = cell.outputs.length > 0 ? `of ${cell.outputs.join(", ")}` : name;
      return {what: `the cell ${names}`, original: cell.source, text};
    }),
  ];
}

/** The texts of things that this chapter has. */
function known(data: PageData, {cells, kernel}: Shared): Pick<Shared, "cells" | "kernel"> {
  const ofCell = ({name}: SharedText): boolean => data.cells.some(({id}) => id === name);
  const ofKernel = ({name}: SharedText): boolean =>
    data.listings.some((listing) => listing.name === name);
  return {cells: cells.filter(ofCell), kernel: kernel.filter(ofKernel)};
}

async function runThere(
  main: HTMLElement,
  section: HTMLElement,
  {data, shared, html}: {data: PageData; shared: Shared; html: string},
): Promise<void> {
  const {cells, kernel} = known(data, shared);
  const fonts = await fontsOfPage();
  const place = element("div", {class: "guest-place"});
  const line = element("p", {class: "guest-line"}, "Below this line: somebody else’s version");
  const back = button("Stop it, and read the book");
  back.addEventListener("click", () => leaveLink());
  const words = element("details", {}, element("summary", {}, "What differs"));
  words.append(...section.querySelectorAll(".review"));
  main.replaceChildren(element("section", {class: "arrival"}, line, back, words), place);
  openFrame(place, {
    kind: "start",
    html,
    styles: stylesOfPage(),
    fonts,
    theme: document.documentElement.dataset["theme"] ?? null,
    data,
    cells,
    kernel,
    schedule: shared.schedule ?? null,
    inputs: shared.inputs ?? [],
  });
  back.focus();
}

/** The page without the link, loaded anew: nothing of it is left. */
function leaveLink(): void {
  location.replace(location.pathname + location.search);
}

function button(label: string, kind = ""): HTMLButtonElement {
  return element("button", {type: "button", class: `button ${kind}`.trim()}, label);
}
