// A link that carries what somebody has written: cells, functions of the kernel, a schedule. All of it stands behind the `#`, compressed, so no
// server ever sees it. Whoever reads a link reads a stranger's text: it is checked here that it is text of this shape, and nothing is run.

export type Shared = {
  /** The chapter it was written in: `11-the-thread`. */
  readonly chapter: string;
  /** The edition of the book that it was written in. */
  readonly edition: string;
  readonly cells: readonly SharedText[];
  readonly kernel: readonly SharedText[];
  /** A schedule to be shown, as `tailpage explore` prints it. */
  readonly schedule?: string;
  /** What the controls of cells stood at. */
  readonly inputs?: readonly SharedText[];
};

/** By what it is called: the id of a cell, the name of a function. */
export type SharedText = {readonly name: string; readonly text: string};

/** Comes before the text in the hash of an address; the page's script looks for it before it loads this (site/main.ts). */
const MARK = "shared=";

const VERSION = 1;
/** More than anybody writes, in characters: what unpacks to more was made to. */
const MOST_TEXT = 1_000_000;
const MOST_PACKED = 200_000;
const MOST_ENTRIES = 500;

export async function packShared(shared: Shared): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify({version: VERSION, ...shared}));
  const packed = await allOf(through(text, new CompressionStream("deflate-raw")), MOST_TEXT);
  return MARK + toBase64Url(packed);
}

/** What a hash carries, or null if it carries nothing of ours. Throws a sentence if it does and cannot be read. */
export async function unpackShared(hash: string): Promise<Shared | null> {
  const packed = hash.replace(/^#/, "");
  if (!packed.startsWith(MARK)) return null;
  return sharedOf(await textOf(packed.slice(MARK.length)));
}

async function textOf(packed: string): Promise<string> {
  if (packed.length > MOST_PACKED)
    throw new Error("this link is longer than any that this book makes");
  try {
    const bytes = through(fromBase64Url(packed), new DecompressionStream("deflate-raw"));
    return new TextDecoder("utf-8", {fatal: true}).decode(await allOf(bytes, MOST_TEXT));
  } catch {
    throw new Error("this link cannot be read: was it cut off when it was copied?");
  }
}

function sharedOf(text: string): Shared {
  const value = objectOf(text);
  if (value.version !== VERSION)
    throw new Error(
      "this link was made by another version of the book, which this one cannot read",
    );
  const {chapter, edition, cells, kernel, schedule, inputs} = value;
  const isRight =
    isName(chapter) &&
    isName(edition) &&
    isTexts(cells) &&
    isTexts(kernel) &&
    (schedule === undefined || isName(schedule)) &&
    (inputs === undefined || isTexts(inputs));
  if (!isRight) throw new Error("this link does not carry what a link of this book carries");
  return {
    chapter,
    edition,
    cells: cells.map(plain),
    kernel: kernel.map(plain),
    ...(schedule === undefined ? {} : {schedule}),
    ...(inputs === undefined ? {} : {inputs: inputs.map(plain)}),
  };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Error("this link cannot be read: was it cut off when it was copied?");
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= 10_000;
}

function isTexts(value: unknown): value is SharedText[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_ENTRIES &&
    value.every((one: unknown) => {
      const {name, text} = (one ?? {}) as Partial<SharedText>;
      return isName(name) && typeof text === "string";
    })
  );
}

function plain({name, text}: SharedText): SharedText {
  return {name, text};
}

// ---------------------------------------------------------------------------------------------------------- bytes

function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(stream);
}

/** Everything that comes, unless it is more than there may be: a few bytes can unpack to more than a machine has. */
async function allOf(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("too large");
    }
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}
