// The page's side of its type checker. Most readers do not edit: the worker is made when an editor opens.

import {pressed} from "./presses.ts";
import type {Completion, Hint, TypeProblem, TypesService} from "./types-service.ts";
import type {Text} from "./types-texts.ts";
import type {Question, TypesAnswer, TypesRequest} from "./types-worker.ts";
import workerUrl from "./types-worker.ts?worker&url";

/** A text of the chapter, as it stands and as it was printed. `names` are what the printed one declares. */
export type ChapterText = Text & {readonly original: string};

/** An editor that is open. */
export type Client = {
  readonly id: string;
  texts(): readonly ChapterText[];
  show(problems: readonly TypeProblem[]): void;
};

/** From the last key to the question, in milliseconds. */
const DELAY = 150;

const clients = new Set<Client>();
const waiting = new Map<number, (answer: unknown) => void>();
let worker: Worker | null = null;
let last = 0;
let sent = "";
let timer = 0;
/** Of all texts: what is answered about an older one is not shown. */
let version = 0;

/** The checker looks at once, and has read its library when the first edit comes. */
export function join(client: Client): () => void {
  clients.add(client);
  if (last > 0) schedule();
  else void checkAll();
  return () => void clients.delete(client);
}

/** A text was edited: it may concern all others that are open. */
export function edited(): void {
  version++;
  start();
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => void pressed(checkAll()), DELAY);
}

export function isStarted(): boolean {
  return worker !== null;
}

async function checkAll(): Promise<void> {
  const asked = version;
  for (const client of clients) {
    const problems = await ask(client, {ask: "check", with: [client.id]});
    if (asked !== version) return;
    if (clients.has(client)) client.show(problems ?? []);
  }
}

export function hint(client: Client, at: number): Promise<Hint | null> {
  return ask(client, {ask: "hint", with: [client.id, at]});
}

export async function complete(client: Client, at: number): Promise<readonly Completion[]> {
  return (await ask(client, {ask: "complete", with: [client.id, at]})) ?? [];
}

export function describe(client: Client, at: number, name: string): Promise<Hint | null> {
  return ask(client, {ask: "describe", with: [client.id, at, name]});
}

type Answers = {[Name in keyof TypesService]: ReturnType<TypesService[Name]>};

/** Null where there is no answer: the worker could not be loaded, or has failed. */
function ask<Q extends Question>(
  client: Client,
  question: Q,
): Promise<Answers[Q["ask"]] | null> {
  const number = ++last;
  const texts = textsFor(client);
  const now = JSON.stringify(texts);
  const request: TypesRequest = {number, texts: now === sent ? null : texts, question};
  sent = now;
  return new Promise((resolve) => {
    waiting.set(number, (answer) => resolve(answer as Answers[Q["ask"]] | null));
    start().postMessage(request);
  });
}

/** Functions of the kernel that are as they were printed are in the kernel already, but for the one that is asked about. */
function textsFor(client: Client): Text[] {
  const open = new Set([...clients].map(({id}) => id));
  return client
    .texts()
    .filter(
      ({kind, id, code, original}) => kind === "cell" || open.has(id) || code !== original,
    )
    .map(({names, original, ...text}) => ({
      ...text,
      // Of types the build knows nothing: it has taken them out.
      ...(names && text.code === original && !/\b(type|interface)\b/.test(original) && {names}),
    }));
}

/** It takes longest until it has read itself: an editor that has opened does well to begin with this. */
export function start(): Worker {
  if (worker) return worker;
  worker = new Worker(workerUrl, {type: "module"});
  void pressed(firstOf(worker, ["message", "error"]));
  worker.addEventListener("message", ({data}: MessageEvent<TypesAnswer>) => {
    waiting.get(data.number)?.(data.answer);
    waiting.delete(data.number);
  });
  // Without a network it may not be there. Everything else goes on, and the next edit tries again.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    worker = null;
    sent = "";
    for (const resolve of waiting.values()) resolve(null);
    waiting.clear();
  });
  return worker;
}

function firstOf(worker: Worker, events: readonly string[]): Promise<unknown> {
  return new Promise((come) => {
    for (const event of events) worker.addEventListener(event, come, {once: true});
  });
}
