// What the page's type checker knows from the start, as files: the language, the browser as far as cells may use it, and the declarations of the
// machine, of the kernel and of what the book gives to cells. All of it is made from the sources when the site is built.

import {createHash} from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import {dirname, join, normalize, relative} from "node:path";
import type ts from "typescript";
import type {Plugin} from "vite";
import {
  BROWSER_TYPES,
  CELL_TYPES,
  ELEMENT_TYPES,
  KERNEL,
  RARE_TYPES,
} from "../site/types-paths.ts";
import {BROWSER} from "../site/browser-names.ts";
import {RARE} from "../site/rare-names.ts";
import type {TypeLibrary} from "../site/types-library.ts";
import {browserTypes} from "./browser-types.ts";
import {nameOf, statementsOf, takenFrom} from "./declared.ts";
import {elementsApart, giversOfElements} from "./element-types.ts";
import {kernelApart} from "./kernel-apart.ts";
import {kernelFiles, readKernelSource} from "./kernel-source.ts";
import {neededFor} from "./needed-types.ts";

const CELLS = "site/cell-types.ts";

/** Made once for the same sources, and kept: several builds and many tests want it, and it takes TypeScript some seconds. */
export async function readTypeLibrary(root: string): Promise<TypeLibrary> {
  const kept = join(root, "node_modules/.cache/tailpage", `types-${fingerprint(root)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as TypeLibrary;
  const library = await makeTypeLibrary(root);
  mkdirSync(dirname(kept), {recursive: true});
  // Two builds may do this at the same time: a file is there as a whole, or not at all.
  const draft = `${kept}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(library));
  renameSync(draft, kept);
  return library;
}

/** Of everything that it is made from. */
function fingerprint(root: string): string {
  const hash = createHash("sha256");
  for (const folder of ["src", "site", "bin"])
    for (const file of readdirSync(join(root, folder), {
      recursive: true,
      encoding: "utf8",
    }).sort())
      if (file.endsWith(".ts"))
        hash.update(file).update(readFileSync(join(root, folder, file)));
  hash.update(readFileSync(join(root, "node_modules/typescript/package.json")));
  return hash.digest("hex").slice(0, 16);
}

async function makeTypeLibrary(root: string): Promise<TypeLibrary> {
  const {default: typescript} = await import("typescript");
  const lib = join(root, "node_modules/typescript/lib");
  const dom = readFileSync(join(lib, "lib.dom.d.ts"), "utf8");
  const browser = browserTypes(typescript, dom, BROWSER);
  const {found, names} = declarations(typescript, root, browser);
  const {common, elements, words} = elementsApart(typescript, browser, BROWSER);
  const files = {
    ...rareApart(typescript, languageFiles(typescript, lib, "es2023")),
    [BROWSER_TYPES]: common,
    [ELEMENT_TYPES]: elements,
    ...found,
    [KERNEL]: kernelFiles(root)
      .map((file) => `export * from "/${file}";\n`)
      .join(""),
  };
  const ofBrowser = new Set(
    statementsOf(typescript, browser).map((statement) => nameOf(typescript, statement)),
  );
  return {
    files,
    names,
    concerned: {[BROWSER_TYPES]: [...ofBrowser], [ELEMENT_TYPES]: words},
    givers: giversOfElements(typescript, found, names),
    kernel: kernelApart(typescript, files),
  };
}

/** A library of TypeScript's, and those that it consists of. */
function languageFiles(
  typescript: typeof ts,
  lib: string,
  name: string,
  found: Record<string, string> = {},
) {
  const path = `/lib/lib.${name}.d.ts`;
  if (path in found) return found;
  const text = readFileSync(join(lib, `lib.${name}.d.ts`), "utf8");
  found[path] = withoutComments(typescript, text);
  for (const [, other] of text.matchAll(/<reference lib="([^"]+)"/g))
    languageFiles(typescript, lib, other!, found);
  return found;
}

/** Two thirds of the language's library are comments, and the reader's first error waits until all of it is read. References to other files stay. */
function withoutComments(typescript: typeof ts, text: string): string {
  const scanner = typescript.createScanner(typescript.ScriptTarget.ES2022, false);
  scanner.setText(text);
  let kept = "";
  for (;;) {
    const token = scanner.scan();
    if (token === typescript.SyntaxKind.EndOfFileToken) break;
    if (token !== typescript.SyntaxKind.MultiLineCommentTrivia) kept += scanner.getTokenText();
  }
  return kept.replace(/\n\s*\n/g, "\n");
}

/** What is rare goes from the language's files into one of its own, which TypeScript reads when a text mentions something of it. */
function rareApart(
  typescript: typeof ts,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const rare: string[] = [];
  const usual = Object.entries(files).map(([path, text]) => {
    const file = typescript.createSourceFile(path, text, typescript.ScriptTarget.ES2022, true);
    const apart = file.statements.filter((statement) => isRare(typescript, statement));
    rare.push(...apart.map((statement) => statement.getText()));
    // From the last to the first, so that places stay what they are. What stands before the first statement names other files.
    const kept = apart.reduceRight(
      (left, each) => left.slice(0, each.getStart()) + left.slice(each.end),
      text,
    );
    return [path, kept] as const;
  });
  return {...Object.fromEntries(usual), [RARE_TYPES]: rare.join("\n")};
}

/** `interface Proxy`, `interface ProxyConstructor`, `interface ProxyHandler`, `declare var Proxy`, `declare namespace Intl`. */
function isRare(typescript: typeof ts, statement: ts.Statement): boolean {
  return RARE.has(nameOf(typescript, statement).replace(/(Constructor|Handler)$/, ""));
}

function declarations(
  typescript: typeof ts,
  root: string,
  browser: string,
): {found: Record<string, string>; names: TypeLibrary["names"]} {
  const kernel = new Set(kernelFiles(root));
  const inPlace = new Map([["lib.browser.d.ts", browser]]);
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: [],
    declaration: true,
    emitDeclarationOnly: true,
  };
  const host = typescript.createCompilerHost(options);
  const {getSourceFile} = host;
  host.getSourceFile = (path, version, ...rest) => {
    const file = relative(root, path).replaceAll("\\", "/");
    const text = kernel.has(file) ? allExported(readFileSync(path, "utf8")) : inPlace.get(file);
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : typescript.createSourceFile(path, text, version);
  };
  const entries = [CELLS, ...kernel];
  const ambient = [
    "site/virtual.d.ts",
    "site/runtime.d.ts",
    "src/livepatch/kernel-source.d.ts",
  ];
  const program = typescript.createProgram(
    [...entries, ...ambient, ...inPlace.keys()].map((file) => join(root, file)),
    options,
    host,
  );

  const found: Record<string, string> = {};
  entries.forEach(emit);
  const names: Record<string, string[]> = {[KERNEL]: [...kernel].flatMap(exportsOf)};
  for (const {path, text, gives} of oneByOne(found[CELL_TYPES]!, exportsOf(CELLS))) {
    found[path] = text;
    names[path] = gives;
  }
  const ofCells = Object.entries(names)
    .filter(([path]) => path !== KERNEL)
    .flatMap(([path, all]) => all.map((name) => ({path, name})));
  const ofKernel = [...kernel].map((file) => ({path: declarationsOf(file), name: "*"}));
  return {found: neededFor(typescript, [...ofCells, ...ofKernel], found), names};

  /** Names that a file gives, its own and those of others. */
  function exportsOf(file: string): string[] {
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, file))!)!;
    return checker.getExportsOfModule(module).map(({name}) => name);
  }

  /** Only what a declaration mentions is wanted, which is less than what its file imports. */
  function emit(file: string): void {
    const path = declarationsOf(file);
    const source = program.getSourceFile(join(root, file));
    if (path in found || !source || source.isDeclarationFile) return;
    let text = "";
    program.emit(source, (_, written) => (text = written), undefined, true);
    found[path] = text;
    for (const other of takenFrom(text)) emit(normalize(join(dirname(file), other)));
  }
}

/** Where the library has the declarations of a source. */
function declarationsOf(file: string): string {
  return `/${file.replace(/\.ts$/, ".d.ts")}`;
}

/** `export { a, b as c } from "./d.ts";` */
const PASSED_ON = /^export \{ (.+) \} from ".+";\n/gm;

/**
 * What cells can use, as modules: each line that passes something on is one, and what is left is another. TypeScript reads all that a module mentions,
 * and a cell mentions few of these names.
 */
function oneByOne(
  text: string,
  names: readonly string[],
): {path: string; text: string; gives: string[]}[] {
  const modules = [...text.matchAll(PASSED_ON)].map(([line, list = ""]) => {
    const gives = list.split(", ").map((each) => each.replace(/^.* as /, ""));
    return {path: CELL_TYPES.replace(".d.ts", `.${gives[0]}.d.ts`), text: line, gives};
  });
  const elsewhere = modules.flatMap(({gives}) => gives);
  const gives = names.filter((name) => !elsewhere.includes(name));
  return [...modules, {path: CELL_TYPES, text: text.replaceAll(PASSED_ON, ""), gives}];
}

/** Linked, the kernel is one scope: in a listing every name at the top of any of its files can be used. */
function allExported(text: string): string {
  return text.replace(/^(?=(?:function|const|type)\b)/gm, "export ");
}

const LIBRARY = "virtual:type-library";
const STARRED = "virtual:starred";

/** Two modules: the library, which only the page's type checker loads, and the names of all functions of the kernel that have a star. */
export function typeLibrary(root: string): Plugin {
  return {
    name: "tailpage-type-library",
    resolveId: (id) => (id === LIBRARY || id === STARRED ? `\0${id}` : undefined),
    async load(id) {
      if (id === `\0${LIBRARY}`) {
        const library = JSON.stringify(await readTypeLibrary(root));
        return `export const library = JSON.parse(${JSON.stringify(library)});`;
      }
      if (id === `\0${STARRED}`)
        return `export const starred = ${JSON.stringify(starred(root))};`;
      return undefined;
    },
  };
}

export function starred(root: string): string[] {
  return readKernelSource(root).flatMap(({declarations: all}) =>
    all.filter(({kind}) => kind === "function*").map(({name}) => name),
  );
}
