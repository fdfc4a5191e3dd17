// What the type checker and the rule of the star do to an editor: problems as one types, the type of a name, and the names that could come next.
// Added to an editor when it is open already.

import {
  autocompletion,
  type Completion as Offer,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import {syntaxTree} from "@codemirror/language";
import {StateEffect, StateField, type Extension} from "@codemirror/state";
import {
  closeHoverTooltips,
  EditorView,
  hasHoverTooltips,
  hoverTooltip,
  keymap,
  showTooltip,
  ViewPlugin,
  type Tooltip,
} from "@codemirror/view";
import {starred} from "virtual:starred";
import {element} from "./html.ts";
import {problemsAt, ruledIn, rules, setTypes, type Problem, type Rule} from "./problems.ts";
import {forgottenStars, starredIn} from "./stars.ts";
import type {Hint, TypeProblem} from "./types-service.ts";
import {
  complete,
  describe,
  edited,
  hint,
  isStarted,
  join,
  type ChapterText,
  type Client,
} from "./types.ts";
import "./types.css";

/** Which text of the chapter is in the editor, and what the others are. */
export type About = {readonly id: string; texts(): readonly ChapterText[]};

/** So many fit into the list at once: one that scrolls could not be scrolled by keys alone. Arrows bring the others. */
const MOST_NAMES = 8;

export function typesOf(about: About): Extension {
  let client: Client;
  const membership = ViewPlugin.define((view) => {
    client = {...about, show: (problems) => showTypes(view, problems)};
    return {destroy: join(client)};
  });
  return [
    membership,
    rules.of(starRule(about)),
    EditorView.updateListener.of(({docChanged}) => {
      if (docChanged) edited();
    }),
    autocompletion({
      override: [(context) => offers(client, context)],
      icons: false,
      maxRenderedOptions: MOST_NAMES,
      tooltipClass: () => "names",
    }),
    hoverTooltip(
      async ({state}, at) => {
        // A pointer that passes by does not start the type checker; a key that asks for it does.
        const found = isStarted() ? await hint(client, at) : null;
        return cardFor(found, problemsAt(state, at), at);
      },
      {hideOnChange: true},
    ),
    asked,
    keymap.of([
      {key: "F2", run: (view) => (void askAtCursor(client, view), true)},
      {key: "Escape", run: closeCards},
    ]),
  ];
}

function starRule({id, texts}: About): Rule {
  const ofKernel = new Set(starred);
  return (tree, {doc}) => {
    const all = texts();
    const kind = all.find((text) => text.id === id)?.kind ?? "cell";
    const others = all.filter((text) => text.kind === kind && text.id !== id);
    const theirs = others.flatMap(({code}) => starredIn(code));
    const names = kind === "kernel" ? [...ofKernel, ...theirs] : theirs;
    return forgottenStars(tree, doc, {kind, starred: new Set(names), ofKernel});
  };
}

/** Where a star is forgotten, whatever is done with the answer that never came is wrong as well: that is not said twice. */
function showTypes(view: EditorView, found: readonly TypeProblem[]): void {
  const isSaid = ruledIn(view.state).length > 0;
  const problems = found.filter(({isUnrun}) => !(isUnrun && isSaid));
  view.dispatch({effects: setTypes.of(problems)});
}

// What could come next.

async function offers(
  client: Client,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]*/);
  const isMember = context.matchBefore(/\.[\w$]*/) !== null;
  if (!context.explicit && !isMember && (!word || word.to - word.from < 2)) return null;
  if (!context.explicit && isInWords(context)) return null;
  const found = await complete(client, context.pos);
  if (context.aborted || found.length === 0) return null;
  return {
    from: word?.from ?? context.pos,
    validFor: /^[\w$]*$/,
    options: found.map(({name, kind, sort}): Offer => ({
      label: name,
      type: kind,
      boost: boostOf(sort),
      info: async () => {
        const described = await describe(client, context.pos, name);
        return described && card(described, []);
      },
    })),
  };
}

/** TypeScript sorts by how near a name is, the nearest first; names of this text come before those of the kernel. */
function boostOf(sort: string): number {
  return 50 - (Number.parseInt(sort, 10) || 50);
}

function isInWords({state, pos}: CompletionContext): boolean {
  return /Comment|String|Template/.test(syntaxTree(state).resolveInner(pos, -1).name);
}

// What a name is.

const setAsked = StateEffect.define<Tooltip | null>();

/** The card that a key has asked for. It goes when the cursor moves. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, {effects, docChanged, selection}) {
    for (const effect of effects) if (effect.is(setAsked)) return effect.value;
    return docChanged || selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

async function askAtCursor(client: Client, view: EditorView): Promise<void> {
  const {state} = view;
  const at = state.selection.main.head;
  const found = await hint(client, at);
  if (view.state.doc !== state.doc || view.state.selection.main.head !== at) return;
  const tooltip = cardFor(found, problemsAt(state, at), at);
  const said = found
    ? `${found.signature}. ${found.documentation}`
    : "nothing is known of this";
  view.dispatch({effects: [setAsked.of(tooltip), EditorView.announce.of(said)]});
}

function closeCards(view: EditorView): boolean {
  const isOpen = view.state.field(asked) !== null || hasHoverTooltips(view.state);
  if (isOpen) view.dispatch({effects: [setAsked.of(null), closeHoverTooltips]});
  return isOpen;
}

function cardFor(found: Hint | null, problems: readonly Problem[], at: number): Tooltip | null {
  const originals = problems.flatMap(({original}) => original ?? []);
  if (!found && originals.length === 0) return null;
  const {from, to} = found ?? {from: at, to: at};
  return {pos: from, end: to, above: true, create: () => ({dom: card(found, originals)})};
}

/** The type, what the source says of it, and what TypeScript itself said where it was reworded. */
function card(found: Hint | null, originals: readonly string[]): HTMLElement {
  const box = element("div", {class: "type-card"});
  if (found) box.append(element("code", {}, starredSignature(found.signature)));
  if (found?.documentation) box.append(element("p", {}, found.documentation));
  for (const original of originals)
    box.append(element("p", {class: "original"}, `TypeScript: ${original}`));
  return box;
}

/** A declaration does not say that a function has a star; its answer does. */
function starredSignature(signature: string): string {
  return /\): Op<[^]*>$/.test(signature)
    ? signature.replace(/^function /, "function* ")
    : signature;
}
