// The type checker, in a worker of its own: TypeScript is large and thinks long, and the page is to do neither.

import {library} from "virtual:type-library";
import {createTypesService, type TypesService} from "./types-service.ts";
import type {Text} from "./types-texts.ts";

/** What can be asked, and with what. */
export type Question = {
  [Name in keyof TypesService]: {
    readonly ask: Name;
    readonly with: Parameters<TypesService[Name]>;
  };
}[keyof TypesService];

/** All texts as they stand, if they have changed, and one question. */
export type TypesRequest = {
  readonly number: number;
  readonly texts: readonly Text[] | null;
  readonly question: Question;
};

export type TypesAnswer = {readonly number: number; readonly answer: unknown};

const service = createTypesService(library);

addEventListener("message", ({data}: MessageEvent<TypesRequest>) => {
  if (data.texts) service.update(data.texts);
  postMessage({number: data.number, answer: answerTo(data.question)} satisfies TypesAnswer);
});

/** A question that cannot be answered is not the reader's mistake, and the next one may well be answered. */
function answerTo({ask, with: args}: Question): unknown {
  try {
    const method = service[ask] as (...args: unknown[]) => unknown;
    return method(...args);
  } catch (error) {
    console.error(error);
    return null;
  }
}
