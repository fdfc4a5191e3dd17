// `tailpage serve`: a small server for the built site, on this machine only.

import {readFile, stat} from "node:fs/promises";
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, normalize, resolve, sep} from "node:path";
import {promisify} from "node:util";
import {gzip} from "node:zlib";

const HOST = "127.0.0.1";
const compress = promisify(gzip);

export type Serving = {readonly url: string; close(): Promise<void>};

/**
 * Pages that stand alone may share memory between their workers. A host of files does not say that they do; and Chromium starts a new
 * process for a page that does.
 */
const ALONE = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves a folder. If the port is taken it says so and takes a free one. */
export async function serve(
  out: string,
  port: number,
  {isAlone = true} = {},
): Promise<Serving> {
  const headers = new Headers(isAlone ? ALONE : {});
  const server = createServer((request, response) => {
    response.setHeaders(headers);
    void answer(out, request, response);
  });
  await listen(server, port).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    console.error(`port ${port} cannot be had (another server?): taking a free one`);
    await listen(server, 0);
  });
  const {port: actual} = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${actual}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(port, HOST, () => {
      server.off("error", failed);
      listening();
    });
  });
}

async function answer(
  out: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (request.method !== "GET" && request.method !== "HEAD")
      return end(response, 405, "text/plain", "");
    const file = await findFile(out, request.url ?? "/");
    if (file === null) {
      const page = await readFile(join(out, "404.html"), "utf8").catch(() => "no such page");
      return end(response, 404, TYPES[".html"]!, page);
    }
    await send(file, request, response);
  } catch {
    // The file went away under us, or the reader did.
    if (!response.headersSent) end(response, 500, "text/plain", "");
  }
}

async function send(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const isHashed = file.includes(`${sep}assets${sep}`);
  response.setHeader("Cache-Control", isHashed ? "max-age=31536000, immutable" : "no-cache");
  response.setHeader("X-Content-Type-Options", "nosniff");
  // The frame of a link is nobody's, also not this page's.
  const isForFrame = file.endsWith(`${sep}guest.html`);
  response.setHeader(
    "Cross-Origin-Resource-Policy",
    isForFrame ? "cross-origin" : "same-origin",
  );
  const wantsGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const isText = /^(text|application)\/|svg/.test(type) && type !== "application/octet-stream";
  let body: Buffer;
  if (wantsGzip && isText) {
    body = await (isHashed ? compressedOnce(file) : readCompressed(file));
    response.setHeader("Content-Encoding", "gzip");
    response.setHeader("Vary", "Accept-Encoding");
  } else body = await readFile(file);
  end(response, 200, type, request.method === "HEAD" ? "" : body);
}

/** Files whose names are hashed never change; the type checker would take a fifth of a second each time. */
const compressed = new Map<string, Promise<Buffer>>();

function compressedOnce(file: string): Promise<Buffer> {
  const known = compressed.get(file);
  if (known) return known;
  const body = readCompressed(file);
  compressed.set(file, body);
  body.catch(() => compressed.delete(file));
  return body;
}

async function readCompressed(file: string): Promise<Buffer> {
  return await compress(await readFile(file));
}

function end(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  response.statusCode = status;
  response.setHeader("Content-Type", type);
  response.end(body);
}

/** The file that an address means, or null: nothing outside the folder is ever named. */
async function findFile(out: string, address: string): Promise<string | null> {
  const root = resolve(out);
  let path: string;
  try {
    path = decodeURIComponent(address.split(/[?#]/, 1)[0]!);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  const file = join(root, normalize(path));
  if (file !== root && !file.startsWith(root + sep)) return null;
  for (const candidate of [file, join(file, "index.html"), `${file}.html`]) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
  }
  return null;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};
