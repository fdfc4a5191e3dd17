// The type checker of the page. It knows the machine, the kernel, what the book gives to cells, and all texts of the chapter as they stand in their
// editors; asked about a text, it says what is wrong in it, what a name is, and which names could come next. It draws nothing and talks to nobody:
// types-worker.ts runs it in the page, and the tests run it as it is.
//
// There are two checkers with one library. Functions of the kernel are checked as its sources are, strictly, and see all of it. Cells see the
// book's names and each other; there `null` is left to the run, since half of a chapter is null until its button is pressed.

import * as ts from "typescript";
import {
  contentsOf,
  given,
  givenPathOf,
  pathOf,
  wrap,
  type Contents,
  type Source,
  type Text,
  type Wrapped,
} from "./types-texts.ts";
import {RARE} from "./rare-names.ts";
import type {TypeLibrary} from "./types-library.ts";
import {BROWSER_TYPES, ELEMENT_TYPES, KERNEL, KERNEL_FILES, RARE_TYPES} from "./types-paths.ts";
import {inWords, isUnrun} from "./types-words.ts";

/** Offsets into the text. */
export type TypeProblem = {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** TypeScript's own words. */
  readonly original: string;
  /** It is about the answer of a function with a star that was not run. */
  readonly isUnrun: boolean;
};

export type Hint = {
  readonly from: number;
  readonly to: number;
  readonly signature: string;
  readonly documentation: string;
};

export type Completion = {
  readonly name: string;
  readonly kind: string;
  /** The best come first. */
  readonly sort: string;
};

export type TypesService = {
  /** All texts of the chapter, as they stand: functions of the kernel only where they are not as they were printed. */
  update(texts: readonly Text[]): void;
  check(id: string): readonly TypeProblem[];
  hint(id: string, at: number): Hint | null;
  complete(id: string, at: number): readonly Completion[];
  /** The type and the comment of one that was offered. */
  describe(id: string, at: number, name: string): Hint | null;
};

const SHARED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
};

/** As tsconfig.json has it. What is not used is no mistake while somebody is still writing. */
export const KERNEL_OPTIONS: ts.CompilerOptions = {
  ...SHARED,
  strict: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
};

const CELL_OPTIONS: ts.CompilerOptions = {...SHARED, strict: false, strictBindCallApply: true};

type Checker = {
  readonly service: ts.LanguageService;
  /** What it is not shown yet, of what few texts need. */
  hidden: readonly Apart[];
  /** Whether it knows the names of what it is not shown of the kernel: somebody begins to write one, or has misspelt it. */
  knowsNames: boolean;
  /** What is not in the library: the texts, as modules, made when TypeScript asks for them. */
  files: Map<string, () => string>;
  /** The one that is asked about. TypeScript reads what this needs, and nothing else. */
  path: string;
};

/** Files that TypeScript does not see until a text has one of these words: what they declare is not there, or `any`, until then. */
type Apart = {
  readonly path: string;
  readonly words: ReadonlySet<string>;
  /** What it is shown together with. */
  readonly needs: readonly string[];
  /** Where they count: anywhere in the text; or anywhere in what it takes something from, too; or there as a name that is taken, or used. */
  readonly among: "its words" | "all words" | "names" | "used names";
};

/**
 * A reader's first error waits until all of the library is read that TypeScript is shown. With the kernel's declarations a cell has to do only where
 * it stages a race of its own, and there with those of the functions that it calls; with the browser's only where it names one or does more with an
 * element than to display it, and with single elements' only where that is something that few have.
 */
function apartIn({concerned, givers, kernel}: TypeLibrary): readonly Apart[] {
  const alone = (path: string, words: Iterable<string>, among: Apart["among"]): Apart => ({
    path,
    words: new Set(words),
    needs: [],
    among,
  });
  const ofKernel = Object.entries(kernel).map(([path, {names, needs}]): Apart => ({
    path,
    words: new Set(names),
    needs,
    among: "all words",
  }));
  return [
    alone(KERNEL_FILES, ["stage"], "its words"),
    ...ofKernel,
    alone(RARE_TYPES, RARE, "names"),
    alone(BROWSER_TYPES, concerned[BROWSER_TYPES] ?? [], "names"),
    alone(BROWSER_TYPES, givers, "used names"),
    alone(ELEMENT_TYPES, concerned[ELEMENT_TYPES] ?? [], "all words"),
  ];
}

export function createTypesService(library: TypeLibrary): TypesService {
  const registry = ts.createDocumentRegistry();
  const checkers: Readonly<Record<Text["kind"], Checker>> = {
    kernel: createChecker(library, registry, KERNEL_OPTIONS, {
      roots: [RARE_TYPES],
      hidden: [],
    }),
    cell: createChecker(library, registry, CELL_OPTIONS, {
      roots: [BROWSER_TYPES, ELEMENT_TYPES, RARE_TYPES],
      hidden: apartIn(library),
    }),
  };
  let texts: ReadonlyMap<string, Text> = new Map();
  /** By the code: from one question to the next, most texts stay as they are. */
  let contents = new Map<string, Contents>();
  /** By id. */
  let wrapped = new Map<string, Wrapped>();

  return {
    update(next) {
      texts = new Map(next.map((text) => [text.id, text]));
      const codes = new Set(next.map(({code}) => code));
      contents = new Map([...contents].filter(([code]) => codes.has(code)));
      wrapped = new Map();
      for (const kind of ["kernel", "cell"] as const) checkers[kind].files = filesOf(kind);
    },

    check(id) {
      const found = asked(id, [], problemsIn);
      const isSaid = (words: string): boolean =>
        found.some(({original}) => original.includes(words));
      // What a misspelt name was meant to be may be one that nothing mentions; and one behind a dot, one that is not known yet.
      if (isSaid("Cannot find name")) return asked(id, [], problemsIn, () => () => true);
      if (isSaid("does not exist on type")) return asked(id, [], problemsIn, () => () => false);
      return found;
    },

    hint: (id, at) =>
      asked(
        id,
        null,
        ({service}, path, {before}) => {
          const info = service.getQuickInfoAtPosition(path, at + before.length);
          return info ? hintOf(info, before.length) : null;
        },
        (code) => {
          const word = wordAt(code, at);
          return (name) => name === word;
        },
      ),

    complete: (id, at) =>
      asked(
        id,
        [],
        ({service}, path, {before}) => {
          const found = service.getCompletionsAtPosition(path, at + before.length, PREFERENCES);
          return (found?.entries ?? [])
            .filter(({name, kind}) => isOffered(name, kind))
            .map(({name, kind, sortText}) => ({name, kind, sort: sortText}));
        },
        (code) => beginningAt(code, at),
      ),

    describe: (id, at, name) =>
      asked(
        id,
        null,
        ({service}, path, {before}) => {
          const found = service.getCompletionEntryDetails(
            path,
            at + before.length,
            name,
            undefined,
            undefined,
            undefined,
            undefined,
          );
          if (!found) return null;
          const textSpan = {start: at + before.length, length: 0};
          return hintOf({...found, textSpan}, before.length);
        },
        () => (other) => other === name,
      ),
  };

  /** `wanted` are names that the text does not mention yet. */
  function asked<Answer>(
    id: string,
    none: Answer,
    ask: (checker: Checker, path: string, made: Wrapped, text: Text) => Answer,
    wanted?: (code: string) => (name: string) => boolean,
  ): Answer {
    const text = texts.get(id);
    if (!text) return none;
    const checker = checkers[text.kind];
    const wants = wanted?.(text.code);
    checker.knowsNames ||= wants !== undefined;
    if (checker.hidden.length > 0) {
      const reached = [...reachedFrom(text)].map(contentsFor);
      const shown = checker.hidden.filter((apart) => concerns(reached, apart, wants));
      const paths = new Set(shown.flatMap(({path, needs}) => [path, ...needs]));
      checker.hidden = checker.hidden.filter(({path}) => !paths.has(path));
    }
    const made = wants ? wrapOne(text, wants) : wrappedOf(text);
    checker.path = pathOf(text);
    checker.files.set(checker.path, () => made.text);
    return ask(checker, checker.path, made, text);
  }

  /** `reached` are the text's own contents, and then those of the texts that it takes something from. */
  function concerns(
    reached: readonly Contents[],
    {words, among}: Apart,
    wants: (name: string) => boolean = () => false,
  ): boolean {
    if (among === "its words") return [...words].some((word) => reached[0]!.words.has(word));
    return [...words].some(
      (word) => wants(word) || reached.some((one) => wordsIn(one, among).has(word)),
    );
  }

  /** A text, and those that it takes something from, by way of others too. */
  function reachedFrom(text: Text): ReadonlySet<Text> {
    const reached = new Set([text]);
    for (const one of reached) {
      const {taken} = contentsFor(one);
      for (const other of texts.values())
        if (other.kind === text.kind && namesOf(other).some((name) => taken.names.has(name)))
          reached.add(other);
    }
    return reached;
  }

  function filesOf(kind: Text["kind"]): Checker["files"] {
    const files: Checker["files"] = new Map();
    for (const text of texts.values()) {
      if (text.kind !== kind) continue;
      files.set(pathOf(text), () => wrappedOf(text).text);
      if (kind === "cell") files.set(givenPathOf(text), () => given(text, contentsFor(text)));
    }
    return files;
  }

  function wrappedOf(text: Text): Wrapped {
    const known = wrapped.get(text.id);
    if (known) return known;
    const made = wrapOne(text);
    wrapped.set(text.id, made);
    return made;
  }

  function wrapOne(text: Text, wants?: (name: string) => boolean): Wrapped {
    return wrap(text, contentsFor(text), sourcesOf(text), wants);
  }

  function contentsFor({code}: Text): Contents {
    const known = contents.get(code);
    if (known) return known;
    const found = contentsOf(code);
    contents.set(code, found);
    return found;
  }

  function namesOf(text: Text): readonly string[] {
    return text.names ?? contentsFor(text).declared.map(({name}) => name);
  }

  /** Where a text takes names from: from the others first, then from the kernel or from the book. */
  function sourcesOf({id, kind}: Text): Source[] {
    const others = [...texts.values()].filter(
      (other) => other.kind === kind && other.id !== id,
    );
    const fromOthers = others.map((other) => ({
      path: kind === "kernel" ? pathOf(other) : givenPathOf(other),
      names: namesOf(other),
    }));
    return [...fromOthers, ...librarySources(kind)];
  }

  function librarySources(kind: Text["kind"]): Source[] {
    return Object.entries(library.names)
      .filter(([path]) => (path === KERNEL) === (kind === "kernel"))
      .map(([path, names]) => ({path, names}));
  }
}

function problemsIn(
  {service}: Checker,
  path: string,
  {before}: Wrapped,
  text: Text,
): readonly TypeProblem[] {
  const wrong = service.getSyntacticDiagnostics(path);
  // Half a sentence has no meaning yet.
  const all = wrong.length > 0 ? wrong.slice(0, 1) : service.getSemanticDiagnostics(path);
  return all.flatMap((diagnostic) => problemOf(diagnostic, before.length, text));
}

/** Whether a name begins as what stands before a place does. Behind a dot stands what something has, which is no name. */
function beginningAt(code: string, at: number): (name: string) => boolean {
  const [, dot, begun = ""] = /((?<!\.\.)\.\s*)?([\w$]*)$/.exec(code.slice(0, at))!;
  return (name) => dot === undefined && name.startsWith(begun);
}

function wordAt(code: string, at: number): string {
  return /[\w$]*$/.exec(code.slice(0, at))![0] + /^[\w$]*/.exec(code.slice(at))![0];
}

function wordsIn({words, taken}: Contents, among: Apart["among"]): ReadonlySet<string> {
  if (among === "names") return taken.names;
  return among === "used names" ? taken.used : words;
}

function createChecker(
  {files: library, kernel}: TypeLibrary,
  registry: ts.DocumentRegistry,
  options: ts.CompilerOptions,
  {roots, hidden}: {readonly roots: readonly string[]; readonly hidden: readonly Apart[]},
): Checker {
  const checker: {-readonly [Key in keyof Checker]: Checker[Key]} = {
    files: new Map(),
    path: "",
    hidden,
    knowsNames: false,
    service: undefined as unknown as ts.LanguageService,
  };
  const versions = new Map<string, {text: string; version: number}>();
  const hiding = (path: string): Apart | undefined =>
    checker.hidden.find((apart) => path.startsWith(apart.path));
  const read = (path: string): string | undefined =>
    checker.files.get(path)?.() ?? insteadOf(path) ?? library[path];
  // A module, though it may give nothing: where there is none, everything would be `any`.
  const insteadOf = (path: string): string | undefined => {
    const apart = hiding(path);
    if (!apart) return undefined;
    const isKnown = checker.knowsNames && apart.path === path;
    return (isKnown && kernel[path]?.unread) || "export {};";
  };
  const fileExists = (path: string): boolean => checker.files.has(path) || path in library;
  checker.service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...roots, checker.path],
      getScriptVersion(path) {
        const text = read(path) ?? "";
        const known = versions.get(path);
        if (known?.text === text) return String(known.version);
        const version = (known?.version ?? 0) + 1;
        versions.set(path, {text, version});
        return String(version);
      },
      getScriptSnapshot(path) {
        const text = read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => "/lib/lib.es2023.d.ts",
      fileExists,
      readFile: read,
      useCaseSensitiveFileNames: () => true,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({text}) => ({resolvedModule: resolve(text, from, fileExists)})),
    },
    registry,
  );
  return checker;
}

/** Modules are called by their sources; of most there is only the declaration. */
function resolve(
  name: string,
  from: string,
  exists: (path: string) => boolean,
): ts.ResolvedModuleFull | undefined {
  if (!name.startsWith(".") && !name.startsWith("/")) return undefined;
  const path = new URL(name, `file://${from}`).pathname;
  const declaration = path.replace(/(\.d)?\.ts$/, ".d.ts");
  if (exists(path)) {
    const extension = path.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
    return {resolvedFileName: path, extension};
  }
  return exists(declaration)
    ? {resolvedFileName: declaration, extension: ts.Extension.Dts}
    : undefined;
}

const PREFERENCES: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: false,
};

/** What TypeScript knows of the language's corners, nobody wants to be offered. */
function isOffered(name: string, kind: ts.ScriptElementKind): boolean {
  if (kind === ts.ScriptElementKind.keyword) return KEYWORDS.has(name);
  return kind !== ts.ScriptElementKind.warning && !UNWANTED.has(name);
}

const KEYWORDS = new Set(
  "async await break class const continue else false for function if let new null return throw true typeof undefined while yield".split(
    " ",
  ),
);

const UNWANTED = new Set(
  "Given Widened PerRun ValuesOf Control eval escape unescape var".split(" "),
);

function problemOf(
  {start = 0, length = 0, code, messageText}: ts.Diagnostic,
  before: number,
  {code: text}: Text,
): TypeProblem[] {
  const from = start - before;
  // In what stands around the text: an error of a name that is given twice, say, which the book says in its own way.
  if (from < 0 || from > text.length) return [];
  const original = ts.flattenDiagnosticMessageText(messageText, "\n");
  const to = Math.min(from + length, text.length);
  const message = inWords({code, original, marked: text.slice(from, to)});
  return message === null ? [] : [{from, to, message, original, isUnrun: isUnrun(original)}];
}

function hintOf(
  {
    displayParts,
    documentation,
    textSpan,
  }: Pick<ts.QuickInfo, "displayParts" | "documentation" | "textSpan">,
  before: number,
): Hint {
  const from = textSpan.start - before;
  return {
    from,
    to: from + textSpan.length,
    signature: signatureOf(ts.displayPartsToString(displayParts)),
    documentation: ts.displayPartsToString(documentation),
  };
}

/** How a name came into the module is the business of what stands around the text. */
function signatureOf(displayed: string): string {
  const text = displayed.replace(/\nimport \S+$/, "");
  const ofAlias = /^\(alias\) ([^]*)$/.exec(text)?.[1];
  if (ofAlias === undefined) return text;
  return /^[\w$]+[(<]/.test(ofAlias) ? `function ${ofAlias}` : ofAlias;
}
