// What is wrong in a text, in its editor: the place is underlined, and under its line stand the sentences. There are three who say so: the last run of
// the text, the rule of the star, and the type checker. Each takes back what it has said by itself.

import {ensureSyntaxTree} from "@codemirror/language";
import {
  Facet,
  StateEffect,
  StateField,
  type ChangeDesc,
  type EditorState,
  type Range,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  WidgetType,
  type Command,
  type DecorationSet,
} from "@codemirror/view";
import type {Tree} from "@lezer/common";

/** Of a run: a sentence and its line. */
export type Mark = {readonly message: string; readonly line: number};

export type Problem = {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** What was said first, where the message is a rewording. */
  readonly original?: string;
};

/** Finds what can be found without waiting: asked again whenever the text changes. */
export type Rule = (tree: Tree, state: EditorState) => readonly Problem[];

export const rules = Facet.define<Rule>();
export const setRun = StateEffect.define<Mark | null>();
export const setTypes = StateEffect.define<readonly Problem[]>();

type Problems = {
  readonly run: Problem | null;
  readonly rules: readonly Problem[];
  readonly types: readonly Problem[];
  readonly shown: DecorationSet;
};

export const problems = StateField.define<Problems>({
  create: () => ({run: null, rules: [], types: [], shown: Decoration.none}),
  update(before, {effects, changes, docChanged, state, startState}) {
    let {run, types, rules: byRule} = before;
    if (docChanged) {
      run = run && moved(run, changes);
      types = types.map((problem) => moved(problem, changes));
    }
    const isNewRule = state.facet(rules) !== startState.facet(rules);
    if (docChanged || isNewRule) byRule = foundByRules(state);
    for (const effect of effects) {
      if (effect.is(setRun)) run = effect.value && atLine(effect.value, state);
      if (effect.is(setTypes)) types = effect.value;
    }
    if (run === before.run && types === before.types && byRule === before.rules) return before;
    return {run, types, rules: byRule, shown: show(state, run, [...byRule, ...types])};
  },
  provide: (field) => EditorView.decorations.from(field, ({shown}) => shown),
});

/** Long enough for any listing: a page does not wait for a tree longer than this, in milliseconds. */
const PATIENCE = 20;

function foundByRules(state: EditorState): readonly Problem[] {
  const all = state.facet(rules);
  const tree = all.length > 0 ? ensureSyntaxTree(state, state.doc.length, PATIENCE) : null;
  return tree ? all.flatMap((rule) => rule(tree, state)) : [];
}

function moved(problem: Problem, changes: ChangeDesc): Problem {
  const from = changes.mapPos(problem.from, 1);
  return {...problem, from, to: Math.max(from, changes.mapPos(problem.to, -1))};
}

/** A run knows the line only. */
function atLine({message, line}: Mark, {doc}: EditorState): Problem {
  const {from} = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return {from, to: from, message};
}

function show(
  state: EditorState,
  run: Problem | null,
  others: readonly Problem[],
): DecorationSet {
  const lines = new Map<number, Problem[]>();
  for (const problem of run ? [run, ...others] : others) {
    const {number} = state.doc.lineAt(Math.min(problem.from, state.doc.length));
    const known = lines.get(number) ?? [];
    // The run and the rule of the star say the same of a forgotten star.
    if (!known.some((one) => bare(one.message) === bare(problem.message)))
      lines.set(number, [...known, problem]);
  }
  const decorations: Range<Decoration>[] = [];
  for (const [number, all] of lines) {
    const line = state.doc.line(number);
    const widget = new Sentences(all, run);
    decorations.push(Decoration.line({class: "wrong-line"}).range(line.from));
    decorations.push(Decoration.widget({widget, block: true, side: 1}).range(line.to));
  }
  for (const {from, to} of others)
    if (from < to && to <= state.doc.length) decorations.push(UNDERLINE.range(from, to));
  return Decoration.set(decorations, true);
}

const UNDERLINE = Decoration.mark({class: "wrong-range"});

/** Without its place: here it stands in it. */
function bare(message: string): string {
  return message.replace(/ \([^()]*line \d+\)/, "");
}

class Sentences extends WidgetType {
  readonly all: readonly Problem[];
  readonly run: Problem | null;

  constructor(all: readonly Problem[], run: Problem | null) {
    super();
    this.all = all;
    this.run = run;
  }

  override eq({all, run}: Sentences): boolean {
    return (
      all.length === this.all.length &&
      all.every(
        (one, i) =>
          one.message === this.all[i]!.message && (one === run) === (this.all[i] === this.run),
      )
    );
  }

  override toDOM(): HTMLElement {
    const box = document.createElement("div");
    for (const problem of this.all) {
      const div = document.createElement("div");
      div.className = "problem under-line";
      // A run was asked for, so what it says is said aloud. What is found while somebody types waits until it is asked for.
      if (problem === this.run) div.setAttribute("role", "alert");
      div.textContent = problem.message;
      box.append(div);
    }
    return box;
  }
}

function allIn(state: EditorState): Problem[] {
  const {run, rules: byRule, types} = state.field(problems);
  return [...(run ? [run] : []), ...byRule, ...types].sort((a, b) => a.from - b.from);
}

export function problemsAt(state: EditorState, at: number): Problem[] {
  const {rules: byRule, types} = state.field(problems);
  return [...byRule, ...types].filter(({from, to}) => from <= at && at <= to);
}

/** What the rules have found, without waiting. */
export function ruledIn(state: EditorState): readonly Problem[] {
  return state.field(problems).rules;
}

/** The cursor goes to the next problem, or back to the first one; its sentence is said to who cannot see it. */
export const nextProblem: Command = (view) =>
  goTo(view, (all, at) => {
    return all.find(({from}) => from > at) ?? all[0];
  });

export const previousProblem: Command = (view) =>
  goTo(view, (all, at) => {
    return all.findLast(({from}) => from < at) ?? all.at(-1);
  });

function goTo(
  view: EditorView,
  choose: (all: readonly Problem[], at: number) => Problem | undefined,
): boolean {
  const problem = choose(allIn(view.state), view.state.selection.main.head);
  if (!problem) return false;
  view.dispatch({
    selection: {anchor: Math.min(problem.from, view.state.doc.length)},
    effects: EditorView.announce.of(bare(problem.message)),
    scrollIntoView: true,
  });
  return true;
}
