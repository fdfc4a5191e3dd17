// Links that open a counterexample in the book: with the functions that the student wrote, and the schedule on which they go wrong.

import {pageOf} from "./assignment.ts";
import {firstFunctionIn} from "./notebook.ts";
import type {Counterexample, Results} from "./results.ts";

/** What a link of the book carries. */
export type Shared = {
  readonly chapter: string;
  readonly edition: string;
  readonly cells: readonly [];
  readonly kernel: Counterexample["livepatches"];
  readonly schedule: string;
};

/** packShared() of the book. */
export type Pack = (shared: Shared) => Promise<string>;

/** By the id of the property. */
export type Links = ReadonlyMap<string, string>;

/** `bookUrl` is the folder that the book's pages are in. */
export async function linkOf(
  {assignment, edition}: Pick<Results, "assignment" | "edition">,
  {schedule, livepatches}: Counterexample,
  bookUrl: string,
  pack: Pack,
): Promise<string> {
  const page = pageOf(assignment);
  const kernel = livepatches.map(({text, name}) => ({
    name: firstFunctionIn(text) ?? name,
    text,
  }));
  const hash = await pack({chapter: page, edition, cells: [], kernel, schedule});
  const folder = bookUrl.replace(/\/*$/, "/");
  return `${folder}${encodeURIComponent(page)}.html#${hash}`;
}

/** A link for each property that has a counterexample. */
export async function linksOf(results: Results, bookUrl: string, pack: Pack): Promise<Links> {
  const links = new Map<string, string>();
  for (const {id, counterexample} of results.properties)
    if (counterexample) links.set(id, await linkOf(results, counterexample, bookUrl, pack));
  return links;
}
