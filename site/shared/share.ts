// What the reader has made of this chapter, as a link. Everything is in the link itself; nothing is sent anywhere.

import type {PageData} from "../../src/book/page.ts";
import {packShared, type Shared} from "../../src/book/shared_link.ts";
import {grouped} from "../../src/explore/progress_text.ts";
import {valuesIn} from "../guest/inputs.ts";
import {createDialog} from "../dialog.ts";
import {element} from "../html.ts";
import {kernelId, readEdit} from "../storage.ts";
import "./shared.css";

/** Beyond this, in characters, programs that pass a link on may cut it off. */
const LONG = 8000;

export function openShare(data: PageData): void {
  const field = element("input", {type: "text", readonly: "", "aria-label": "link"});
  const copy = element("button", {type: "button", class: "button primary"}, "Copy");
  const said = element("p", {role: "status"});
  field.addEventListener("focus", () => field.select());
  copy.addEventListener("click", () => void copyText(field, said));

  const row = element("div", {class: "share-row"}, field, copy);
  const dialog = createDialog("share-dialog", "A link to what you have here", row, said);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  void fill(field, said, data);
}

async function fill(field: HTMLInputElement, said: HTMLElement, data: PageData): Promise<void> {
  const shared = sharedBy(data);
  const hash = await packShared(shared);
  field.value = `${location.origin}${location.pathname}#${hash}`;
  said.textContent = whatIsIn(shared, field.value.length);
}

async function copyText(field: HTMLInputElement, said: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = "The link is in the clipboard.";
  } catch {
    field.select();
    said.textContent =
      "This browser does not let the page copy it: it is marked, so copy it by hand.";
  }
}

function sharedBy({chapter, edition, cells, listings}: PageData): Shared {
  const edited = (id: string, original: string): string | null => {
    const edit = readEdit(chapter, id);
    return edit === null || edit.text === original ? null : edit.text;
  };
  const texts = <T>(
    all: readonly T[],
    name: (one: T) => string,
    text: (one: T) => string | null,
  ) =>
    all.flatMap((one) => {
      const said = text(one);
      return said === null ? [] : [{name: name(one), text: said}];
    });
  const schedule = scheduleShown();
  return {
    chapter,
    edition,
    cells: texts(
      cells,
      ({id}) => id,
      ({id, source}) => edited(id, source),
    ),
    kernel: texts(
      listings,
      ({name}) => name,
      ({name, code}) => edited(kernelId(name), code),
    ),
    ...(schedule === null ? {} : {schedule}),
    inputs: texts(
      [...document.querySelectorAll<HTMLElement>("[data-output]")],
      (slot) => slot.dataset["output"]!,
      valuesIn,
    ),
  };
}

/** That of the figure in which the reader has moved last, or else of the first. */
function scheduleShown(): string | null {
  const all = [...document.querySelectorAll<HTMLElement>("figure.timeline[data-schedule]")];
  const used = (figure: HTMLElement): number => Number(figure.dataset["used"] ?? 0);
  const [latest] = all.sort((a, b) => used(b) - used(a));
  return latest?.dataset["schedule"] ?? null;
}

function whatIsIn({cells, kernel, schedule, inputs = []}: Shared, length: number): string {
  const counted = (n: number, one: string, more = `${one}s`) =>
    n === 1 ? `one ${one}` : `${n} ${more}`;
  const parts = [
    ...(kernel.length > 0
      ? [
          counted(
            kernel.length,
            "changed function of the kernel",
            "changed functions of the kernel",
          ),
        ]
      : []),
    ...(cells.length > 0 ? [counted(cells.length, "changed cell")] : []),
    ...(inputs.length > 0
      ? [counted(inputs.length, "cell’s controls", "cells’ controls")]
      : []),
    ...(schedule ? ["the schedule that is shown"] : []),
  ];
  const what = parts.length === 0 ? "this chapter, unchanged" : parts.join(", ");
  const long =
    length > LONG
      ? ` It is long (${grouped(length)} characters): some programs cut such links off.`
      : "";
  return `It carries ${what}. Whoever opens it sees what differs before anything runs.${long}`;
}
