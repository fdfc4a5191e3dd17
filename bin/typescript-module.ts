// TypeScript as a module, for the page. As it is published it is one function: a browser has to read it twice before it can call it, and a bundler can
// leave nothing of it out. As a module it is read once, and what only editors' servers and the command need is gone: a third of it.

import type {Plugin} from "vite";

/** Its parts are looked for in its text: another version may be written in another way, and then the build says so. */
export function typescriptModule(): Plugin {
  return {
    name: "tailpage-typescript-module",
    enforce: "pre",
    transform: (code, id) =>
      /\/typescript\/lib\/typescript\.js$/.test(id) ? {code: asModule(code), map: null} : null,
  };
}

/** From the beginning to the head of the function that everything stands in. */
const HEAD = /^[^]*?\nvar ts = \{\}; \(\(module\) => \{\n"use strict";\n/;
/** Whatever it gives: by name, with what it is called inside. */
const GIVEN =
  /\nvar typescript_exports = \{\};\n__export\(typescript_exports, \{([^]*?)\n\}\);\nmodule\.exports = .*;\n/;
/** The server, which comes last and holds on to all the rest, and the end of the function. */
const SERVER = /\n\/\/ src\/server\/_namespaces\/ts\.ts\n[^]*$/;

/** What fills a namespace, and where: a bundler cannot know that nothing else is done there. */
const FILL = /(\nvar __export = \(target, all\) => \{[^]*?)\n\};/;
const NAMESPACES = /\nvar (\w+) = \{\};\n__export\(\1, \{/g;
/** What an editor offers to do for its user enters itself into a list when it is loaded. */
const OFFERS = /\n(?=register(?:CodeFix|Refactor)\()/g;
/** What makes JavaScript of TypeScript, which nobody asks of a checker. */
const TRANSFORMERS = /(\nfunction getScriptTransformers\().*\{\n[^]*?\n\}\n/;

/** Text of lib/typescript.js to text of a module with the same names, but for the server's. An error if it is not written as 6.0.3 is. */
export function asModule(code: string): string {
  for (const part of [HEAD, GIVEN, SERVER, FILL, NAMESPACES, OFFERS, TRANSFORMERS])
    if (code.search(part) < 0)
      throw new Error(
        `typescript.js is not written as it was in version 6.0.3: ${part} is not in it. Adapt bin/typescript-module.ts, or leave its plugin out`,
      );
  return code
    .replace(HEAD, "")
    .replace(SERVER, "\n")
    .replace(GIVEN, () => `\nexport {${namesOf(code)}};\n`)
    .replace(FILL, "$1\n  return target;\n};")
    .replace(NAMESPACES, "\nvar $1 = /* @__PURE__ */ __export({}, {")
    .replace(OFFERS, "\n/* @__PURE__ */ ")
    .replace(TRANSFORMERS, "$1) {\n  return emptyArray;\n}\n");
}

/** `inside as outside`, of all but the server's. */
function namesOf(code: string): string {
  const [server] = SERVER.exec(code)!;
  const gone = new Set(
    [...server.matchAll(/^(?:var|function) (\w+)/gm)].map(([, name]) => name),
  );
  return [...GIVEN.exec(code)![1]!.matchAll(/(\w+): \(\) => (\w+)/g)]
    .filter(([, , inside]) => !gone.has(inside))
    .map(([, outside, inside]) => `${inside} as ${outside}`)
    .join(", ");
}
