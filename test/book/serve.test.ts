import {mkdtemp, mkdir, rm, writeFile} from "node:fs/promises";
import {request} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {serve, type Serving} from "../../bin/serve.ts";

let folder: string;
let site: Serving;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailpage-"));
  await mkdir(join(folder, "out/assets"), {recursive: true});
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "out/index.html"), "<title>book</title>");
  await writeFile(join(folder, "out/404.html"), "<title>no such page</title>");
  await writeFile(join(folder, "out/assets/a-1.js"), "1");
  site = await serve(join(folder, "out"), 0);
});
afterAll(async () => {
  await site.close();
  await rm(folder, {recursive: true});
});

it("serves the first page, with its type", async () => {
  const answer = await fetch(site.url);
  expect(await answer.text()).toContain("book");
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-encoding")).toBe("gzip");
});

it("files with a hash in their name are kept for ever, pages are asked for again", async () => {
  expect((await fetch(`${site.url}assets/a-1.js`)).headers.get("cache-control")).toContain(
    "immutable",
  );
  expect((await fetch(site.url)).headers.get("cache-control")).toBe("no-cache");
});

it("pages stand alone, so that they may share memory, unless they are to come as a host of files serves them", async () => {
  const policyOf = async ({url}: Serving): Promise<string | null> =>
    (await fetch(url)).headers.get("cross-origin-opener-policy");
  expect(await policyOf(site)).toBe("same-origin");
  const plain = await serve(join(folder, "out"), 0, {isAlone: false});
  expect(await policyOf(plain)).toBe(null);
  await plain.close();
});

it("an address that is not there gets the page that says so", async () => {
  const answer = await fetch(`${site.url}nothing`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("no such page");
});

it("nothing outside the folder is served", async () => {
  for (const path of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/%00",
    "/%",
  ])
    expect(await statusOf(path), path).toBe(404);
});

it("a port that is taken is replaced by a free one, and that is said", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const other = await serve(join(folder, "out"), Number(new URL(site.url).port));
  expect(other.url).not.toBe(site.url);
  expect(said).toHaveBeenCalledOnce();
  expect((await fetch(other.url)).status).toBe(200);
  await other.close();
  said.mockRestore();
});

/** fetch() would tidy the path before it is sent. */
function statusOf(path: string): Promise<number | undefined> {
  const {hostname, port} = new URL(site.url);
  return new Promise((resolve, reject) => {
    const asked = request({hostname, port, path}, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}
