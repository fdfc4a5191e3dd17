// `npm run fonts`: makes the fonts in site/fonts again, and says how large they are.

import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {ROOT} from "../../bin/root.ts";
import {fontFiles} from "./subset.ts";

for (const [name, bytes] of await fontFiles(ROOT)) {
  await writeFile(join(ROOT, "site/fonts", name), bytes);
  process.stdout.write(`${name.padEnd(30)} ${bytes.length} bytes\n`);
}
