// A chapter with a stranger's code in it, in a frame of its own: no storage, no network, nothing of the page around it. It gets the chapter as
// text, puts the stranger's cells into it and runs them; the kernel it asks over a port is run by a worker of the page, in QuickJS.

import type {PageData} from "../../src/book/page.ts";
import {compileCell} from "../../src/book/cell.ts";
import type {SharedText} from "../../src/book/shared_link.ts";
import {startCells} from "../cells.ts";
import {element} from "../html.ts";
import {createKernel} from "../model.ts";
import {timeline} from "../timeline.ts";
import {sayWhatThisIs} from "./alone.ts";
import {fillInputs} from "./inputs.ts";
import {connect, tell} from "./parent.ts";
import {shut} from "./shut.ts";
import type {Start} from "./start.ts";

shut();
if (parent === window) sayWhatThisIs();
else addEventListener("message", begin, {once: true});

function begin({data, ports: [port], source}: MessageEvent<Start>): void {
  if (source !== parent || data.kind !== "start" || !port) return;
  connect(port);
  dress(data);
  const main = element("main", {id: "text"});
  main.innerHTML = data.html;
  document.body.append(main);
  for (const {name, text} of data.kernel) print(`[data-kernel="${CSS.escape(name)}"]`, text);
  for (const {name, text} of data.cells) print(`[data-cell="${CSS.escape(name)}"]`, text);
  new ResizeObserver(sayHeight).observe(main);
  followLinks();
  run(data);
}

function dress({styles, fonts, theme}: Start): void {
  document.head.append(element("style", {}, styles));
  if (theme) document.documentElement.dataset["theme"] = theme;
  for (const {family, bytes, weight, style} of fonts)
    document.fonts.add(new FontFace(family, bytes, {weight, style}));
}

/** What runs is what is shown: as plain text, since nobody has coloured it. */
function print(listing: string, text: string): void {
  const code = document.querySelector(`${listing} code`);
  const lines = text.split("\n").map((line) => element("span", {class: "line"}, line));
  code?.replaceChildren(...lines);
}

function run({data, cells, kernel, schedule, inputs}: Start): void {
  const inForce = data.cells.map((cell) => withText(cell, cells));
  startCells({...data, cells: inForce}, kernel, {
    onFailure: () => false,
    onStale() {},
    isEdited: () => false,
    marks: {died: () => false, begin: () => () => {}},
  });
  fillInputs(inputs);
  if (schedule) void show(schedule, kernel);
}

type PageCell = PageData["cells"][number];

/** A text that does not parse becomes a cell that says so. */
function withText(cell: PageCell, texts: readonly SharedText[]): PageCell {
  const text = texts.find(({name}) => name === cell.id)?.text;
  if (text === undefined) return cell;
  try {
    return {...compileCell(cell.id, text), inline: cell.inline};
  } catch (error) {
    const said = JSON.stringify((error as Error).message);
    return {...compileCell(cell.id, `throw new Error(${said})`), inline: cell.inline};
  }
}

/** The schedule of the link, before the text. */
async function show(schedule: string, kernel: readonly SharedText[]): Promise<void> {
  const place = element("div", {class: "cell output pending"});
  document.getElementById("text")!.prepend(place);
  try {
    place.replaceChildren(timeline(await createKernel(kernel).replay(schedule)));
  } catch (error) {
    const {message} = error as {message?: unknown};
    place.replaceChildren(element("p", {class: "problem"}, String(message)));
  }
  place.classList.remove("pending");
}

function sayHeight(): void {
  tell({kind: "height", height: document.documentElement.scrollHeight});
}

/** A link leads the page there, not the frame. */
function followLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a[href]");
    const href = link?.getAttribute("href") ?? "#";
    if (href.startsWith("#")) return;
    event.preventDefault();
    tell({kind: "go", href});
  });
}
