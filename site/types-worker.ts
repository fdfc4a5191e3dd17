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

/** In the order in which they came. */
let waiting: TypesRequest[] = [];

addEventListener("message", ({data}: MessageEvent<TypesRequest>) => {
  waiting.push(data);
  // Whatever else has come meanwhile is heard first.
  if (waiting.length === 1) setTimeout(answerAll);
});

function answerAll(): void {
  const requests = waiting;
  waiting = [];
  requests.forEach(({number, texts, question}, i) => {
    if (texts) service.update(texts);
    const answer = isOutdated(question, requests.slice(i + 1)) ? null : answerTo(question);
    postMessage({number, answer} satisfies TypesAnswer);
  });
}

/** The same text is to be checked once more, as it stands later. */
function isOutdated({ask, with: [id]}: Question, later: readonly TypesRequest[]): boolean {
  return (
    ask === "check" &&
    later.some(({question}) => question.ask === "check" && question.with[0] === id)
  );
}

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
