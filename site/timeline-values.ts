// Drawing what a word holds. What the step changed is bold, with its old value struck out beside it.

import {breakable, html} from "./timeline-elements.ts";
import type {WordState} from "./timeline-state.ts";

export function drawValue(value: HTMLElement, {text, before, touched}: WordState): void {
  value.classList.toggle("read", before === null && touched);
  value.classList.toggle("changed", before !== null);
  if (before === null) return value.replaceChildren(...breakable(text));
  const now = html("ins", {}, ...breakable(text));
  value.replaceChildren(html("del", {}, ...breakable(before)), " ", now);
}

/** Flags one by one: of six, one has changed. */
export function drawFlags(value: HTMLElement, {text, before, touched}: WordState): void {
  value.classList.add("flags");
  value.classList.toggle("read", before === null && touched);
  value.classList.toggle("changed", before !== null);
  const [now, old] = [text, before ?? text].map((flags) => flags.split("|"));
  const gone = before === null ? [] : old.filter((flag) => !now.includes(flag));
  const drawn = [
    ...gone.map((flag) => html("del", {}, flag)),
    ...now.map((flag) => (old.includes(flag) ? html("span", {}, flag) : html("ins", {}, flag))),
  ];
  value.replaceChildren(...drawn.flatMap((flag, i) => (i > 0 ? [" ", flag] : [flag])));
}
