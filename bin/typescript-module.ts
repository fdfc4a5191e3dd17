// TypeScript as a module, for the page. As it is published it is one function: a browser has to read it twice before it can call it, and a bundler can
// leave nothing of it out. As a module it is read once, and what only editors' servers and the command need is gone: half of it.

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
/** A namespace that fills itself. */
const FILLED = /\nvar (\w+);\n\(\((\w+)\) => \{\n([^]*?)\n\}\)\(\1 \|\| \(\1 = \{\}\)\);/g;
/** What an editor offers to do for its user enters itself into a list when it is loaded. */
const OFFERS = /\n(?=register(?:CodeFix|Refactor)\()/g;
/** What an editor does to a text for its user, and where it leads: what is asked here may mention it, but gets there only if it is told to. */
const DOINGS =
  /\nvar (ts_(?:codefix|refactor|textChanges|formatting|FindAllReferences|OrganizeImports|GoToDefinition)_exports) = \{\};\n__export\(\1, \{\n([^]*?)\n\}\);/g;
/** The one of these that every question needs: whether its place is in a comment. */
const DONE = /^  getRangeOfEnclosingComment: .*/m;
/** What makes JavaScript or declarations of TypeScript, or reads settings from a file: nobody asks a checker for that. */
const MAKERS =
  /(\nfunction (?:emitFiles|getTransformers|getDeclarationDiagnostics|parseJsonSourceFileConfigFileContent)\(.*\{)\n[^]*?\n\}\n/g;
/** The computer, as Node.js knows it. */
const SYSTEM = /\nvar sys = \(\(\) => \{\n[^]*?\n\}\)\(\);/;
/** All that a language service can be asked, and some ways to be asked less. */
const SERVICE =
  /\n  const ls = \{\n([^]*?)\n  \};\n  switch \(languageServiceMode\) \{\n[^]*?\n  \}\n/;
/** All that TypeScript can say, and the head of what makes one of it. */
const MESSAGES = /\nvar Diagnostics = \{\n([^]*?)\n\};/;
const MESSAGE = /^  (\w+): diag\((\s*[\de]+,\s*\d .*?,)\s*"\w+",([^]*?)\),?$/gm;
const DIAG = /(\nfunction diag\(code, category, )key, (.*\n  return \{ code, category, )key, /;

const PARTS = [
  ...[HEAD, GIVEN, SERVER, FILL, NAMESPACES, FILLED, OFFERS, DOINGS, MAKERS, SYSTEM],
  ...[SERVICE, MESSAGES, DIAG],
];

/** Text of lib/typescript.js to text of a module with the same names, but for the server's. An error if it is not written as 6.0.3 is. */
export function asModule(code: string): string {
  for (const part of PARTS)
    if (code.search(part) < 0)
      throw new Error(
        `typescript.js is not written as it was in version 6.0.3: ${part} is not in it. Adapt bin/typescript-module.ts, or leave its plugin out`,
      );
  return code
    .replace(HEAD, "")
    .replace(SERVER, "\n")
    .replace(GIVEN, () => `\nexport {${namesOf(code)}};\n`)
    .replace(FILL, "$1\n  return target;\n};")
    .replace(DOINGS, (_, name: string, all: string) => emptied(name, all))
    .replace(NAMESPACES, "\nvar $1 = /* @__PURE__ */ __export({}, {")
    .replace(FILLED, "\nvar $1 = /* @__PURE__ */ (($2) => {\n$3\n  return $2;\n})({});")
    .replace(OFFERS, "\n/* @__PURE__ */ ")
    .replace(MAKERS, "$1}\n")
    .replace(SYSTEM, "\nvar sys;")
    .replace(SERVICE, (_, all: string) => `\n  const ls = {\n${askedOf(all)}\n  };\n`)
    .replace(MESSAGES, (_, all: string) => `\nvar Diagnostics = {};\n${oneByOne(all)}`)
    .replace(DIAG, "$1$2")
    .replace(/\bDiagnostics\.(?=\w)/g, "Diagnostics_");
}

function emptied(namespace: string, gives: string): string {
  return `\nvar ${namespace} = {};\n__export(${namespace}, {\n${DONE.exec(gives)?.[0] ?? ""}\n});`;
}

/** What site/types-service.ts asks, and what these need of each other. */
const ASKED =
  /^    (dispose|cleanupSemanticCache|getProgram|get(Syntactic|Semantic)Diagnostics|getQuickInfoAtPosition|getCompletion(sAtPosition|EntryDetails))\b/;

function askedOf(methods: string): string {
  return methods
    .split("\n")
    .filter((line) => ASKED.test(line))
    .join("\n");
}

/** Each message a name of its own, which a bundler makes short, or leaves out where nobody says it; and without the key by which translations find it. */
function oneByOne(messages: string): string {
  return messages.replace(MESSAGE, "var Diagnostics_$1 = /* @__PURE__ */ diag($2$3);");
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
