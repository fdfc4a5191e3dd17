// The editor that opens in the place of a listing. Loaded on the first use; what makes cells of text (compiler.ts) and what shows types
// (types-editor.ts) come when it has been drawn. Who finds the types out (types.ts) takes longest, and begins before them.

import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {typescriptLanguage} from "@codemirror/lang-javascript";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import {Compartment, EditorState} from "@codemirror/state";
import {Decoration, EditorView, keymap, MatchDecorator, ViewPlugin} from "@codemirror/view";
import {tagHighlighter, tags} from "@lezer/highlight";
import {setStand, stands} from "./editor-stand.ts";
import type {Stand} from "./standing.ts";
import {nextProblem, previousProblem, problems, setRun, type Mark} from "./problems.ts";
import {drawn} from "./slices.ts";
import {start as startTypes} from "./types.ts";
import type {About} from "./types-editor.ts";

export type Editor = {
  text(): string;
  setText(text: string): void;
  focus(at?: {x: number; y: number}): void;
  /** Puts a sentence under a line, or takes it away. */
  mark(mark: Mark | null): void;
  /** Shows where the current step of a timeline stands. */
  stand(stand: Stand | null): void;
  destroy(): void;
};

export function openEditor({
  parent,
  text,
  label,
  about,
  onChange,
  onRun,
  onLeave,
}: {
  parent: HTMLElement;
  text: string;
  label: string;
  about: About;
  onChange: (text: string) => void;
  onRun: () => void;
  onLeave: () => void;
}): Editor {
  const types = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        // First, so that Escape closes a list of names before it leaves the editor.
        types.of([]),
        history(),
        keymap.of([
          {key: "Shift-Enter", run: () => (onRun(), true)},
          {key: "Mod-s", run: () => (onRun(), true)},
          {key: "F8", run: nextProblem, shift: previousProblem},
          {key: "Escape", run: () => (onLeave(), true)},
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        // Without the names and snippets that its package would offer: those that fit come with the types.
        typescriptLanguage,
        syntaxHighlighting(CLASSES),
        indentUnit.of("  "),
        indentOnInput(),
        bracketMatching(),
        EditorView.lineWrapping,
        stars,
        problems,
        stands,
        EditorView.contentAttributes.of({"aria-label": label, spellcheck: "false"}),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });

  // An editor can be typed in at once. Who knows types comes when it has been drawn: it would take the processor that draws.
  let isOpen = true;
  void drawn().then(async () => {
    startTypes();
    const {typesOf} = await import("./types-editor.ts");
    if (isOpen) view.dispatch({effects: types.reconfigure(typesOf(about))});
  });

  return {
    text: () => view.state.doc.toString(),
    setText(next) {
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: next}});
    },
    focus(at) {
      // The place first: whoever moves a selection that is shown has it looked up once more.
      const anchor = at ? view.posAtCoords(at) : null;
      if (anchor !== null) view.dispatch({selection: {anchor}});
      view.focus();
    },
    mark(mark) {
      view.dispatch({effects: setRun.of(mark)});
    },
    stand(stand) {
      view.dispatch({effects: setStand.of(stand)});
    },
    destroy() {
      isOpen = false;
      view.destroy();
    },
  };
}

/** The same classes as the listings have. */
const CLASSES = tagHighlighter([
  {
    tag: [tags.keyword, tags.bool, tags.null, tags.self, tags.standard(tags.typeName)],
    class: "code-keyword",
  },
  {tag: tags.comment, class: "code-comment"},
  {tag: [tags.string, tags.special(tags.string), tags.regexp], class: "code-string"},
  {tag: tags.number, class: "code-number"},
  {tag: [tags.typeName, tags.className], class: "code-type"},
]);

/** `function*` and `yield*`: where another CPU may run. */
const star = Decoration.mark({class: "code-star"});
const starMatcher = new MatchDecorator({
  regexp: /\b(?:function|yield)\s*\*/g,
  decorate(add, from, to, _, view) {
    const {name} = syntaxTree(view.state).resolveInner(from, 1);
    if (!/Comment|String|Template/.test(name)) add(from, to, star);
  },
});
const stars = ViewPlugin.define(
  (view) => ({
    decorations: starMatcher.createDeco(view),
    update(update) {
      // The tree grows while the page is idle, so a comment may be known as one only now.
      this.decorations =
        syntaxTree(update.startState) === syntaxTree(update.state)
          ? starMatcher.updateDeco(update, this.decorations)
          : starMatcher.createDeco(update.view);
    },
  }),
  {decorations: ({decorations}) => decorations},
);
