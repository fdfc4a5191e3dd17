// The line that a step stands on, in an editor: it moves along when the reader types.

import {StateEffect, StateField} from "@codemirror/state";
import {Decoration, EditorView, type DecorationSet} from "@codemirror/view";
import {classOf, styleOf, type Stand} from "./standing.ts";

export const setStand = StateEffect.define<Stand | null>();

export const stands = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, {effects, changes, newDoc}) {
    let next = decorations.map(changes);
    for (const effect of effects) {
      if (!effect.is(setStand)) continue;
      const stand = effect.value;
      const isThere = stand !== null && stand.line <= newDoc.lines;
      next = isThere
        ? Decoration.set([lineMark(stand).range(newDoc.line(stand.line).from)])
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function lineMark(stand: Stand): Decoration {
  return Decoration.line({class: classOf(stand), attributes: {style: styleOf(stand)}});
}
