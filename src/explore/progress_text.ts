// How far an exploration is, in a line: for a terminal and for a page.

import type {Estimate, Progress} from "./watch.ts";

export function sayProgress({states, executions, seconds, left}: Progress): string {
  const [count, noun] = executions > 0 ? [executions, "schedules"] : [states, "states"];
  const rate = seconds > 0 ? `, ${grouped(count / seconds)} a second` : "";
  return `${grouped(count)} ${noun}${rate}${sayLeft(left)}`;
}

function sayLeft(left: Estimate | null): string {
  if (!left) return "";
  const {from, to} = left;
  if (to === null) return `; at least ${grouped(from)} more`;
  return from === to ? `; ${grouped(from)} more` : `; ${grouped(from)} to ${grouped(to)} more`;
}

/** In groups of three. The browser's own way loads the customs of every language before its first number: 76 ms. */
export function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}
