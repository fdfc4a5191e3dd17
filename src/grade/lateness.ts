// Whether something was handed in too late, and by how much. It is told beside the score, and never taken off it here: grading again must not
// depend on what day it is.

import {UserError} from "../livepatch/index.ts";

export type Lateness = {
  readonly late: boolean;
  /** Whole minutes, each begun one counted; 0 where it is not late. */
  readonly minutes: number;
};

/** Both are ISO times. */
export function latenessOf(submitted: string, due: string): Lateness {
  const over = readTime(submitted) - readTime(due);
  return over > 0 ? {late: true, minutes: Math.ceil(over / 60_000)} : {late: false, minutes: 0};
}

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds. A time without a zone would be another one on another machine, and is refused. */
export function readTime(text: string): number {
  const match = SHAPE.exec(text);
  if (!match)
    throw new UserError(`"${text}" is no time: it looks like 2026-11-30T18:00:00+01:00`);
  const [, year, month, day, minute, second = "00", fraction = "", zone] = match;
  if (zone === undefined)
    throw new UserError(`"${text}" has no zone: write ${text.replace(" ", "T")}Z or +01:00`);
  const offset = zone.replace(/^(.\d\d)(\d\d)$/, "$1:$2");
  const iso = `${year}-${month}-${day}T${minute}:${second}${fraction.slice(0, 4)}${offset}`;
  const time = Date.parse(iso);
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number.isNaN(time) || Number(day) > days)
    throw new UserError(`"${text}" is no time: there is no such day or hour`);
  return time;
}
