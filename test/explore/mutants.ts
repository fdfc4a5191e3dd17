// Faults that somebody could put into the explorer, or that somebody has: each must be noticed (mutants.test.ts).

import type {Mutant} from "./mutate.ts";

export const MUTANTS: readonly Mutant[] = [
  // dpor
  {
    breaks: "sleep sets are dropped on the way down",
    file: "explore/dpor.ts",
    find: "this.enter(state, this.stillSleeping(place), next.then);",
    replace: "this.enter(state, 0, next.then);",
  },
  {
    breaks: "who sleeps is not woken by a conflict",
    file: "explore/dpor.ts",
    find: " && !conflict(this.steps.of(state, t), step)",
    replace: "",
  },
  {
    breaks: "what was explored from a place does not sleep there",
    file: "explore/dpor.ts",
    find: "place.sleeping |= 1 << place.thread;",
    replace: "",
  },
  {
    breaks: "a wakeup sequence is not planted",
    file: "explore/dpor.ts",
    find: "this.plant(wakeup, state, sequence);",
    replace: "",
  },
  {
    breaks: "of a wakeup sequence only the first step is planted",
    file: "explore/dpor.ts",
    find: "for (const thread of sequence) {",
    replace: "for (const thread of sequence.slice(0, 1)) {",
  },
  {
    breaks: "a lock's race is with the unlock before it, not with the lock before that",
    file: "explore/dpor.ts",
    find: "const first = may_wait(transition) ? this.couldBeHad(transition, e) : e;",
    replace: "const first = e;",
  },
  {
    breaks: "a lock's race is looked at with the clock that has joined the unlock's",
    file: "explore/dpor.ts",
    find: "place.races = this.racesOf(thread, place, before, own);",
    replace: `
      const joined = [...own];
      for (const e of before) join(joined, this.places[e].clock);
      place.races = this.racesOf(thread, place, before, joined);`,
  },
  {
    breaks: "a thread that waits at the end has no race with who holds the lock",
    file: "explore/dpor.ts",
    find: "if (this.isOthers(e, t, this.clockOf(t))) this.reverse(e, t);",
    replace: "",
  },
  {
    breaks: "only races of steps that are new in an execution are reversed",
    file: "explore/dpor.ts",
    find: "for (const e of places[i].races)",
    replace: "for (const e of (places[i].races as number[]).splice(0))",
  },
  {
    breaks: "a BUG conflicts with its own word only",
    file: "explore/steps.ts",
    find: "if (a.ends || b.ends) return true;",
    replace: "",
  },
  {
    breaks: "of the races of a step only the last one is reversed",
    file: "explore/dpor.ts",
    find: "for (const e of places[i].races)",
    replace: "for (const e of places[i].races.slice(-1))",
  },
  {
    breaks: "only the last reader before a write is raced with",
    file: "explore/dpor.ts",
    find: "if (writes) break;",
    replace: "break;",
  },
  {
    breaks: "a compare-and-swap that fails counts as a write",
    file: "sim/perform.ts",
    find: `if (!isConditional && t.answer !== "bit") return true;`,
    replace: "return true;",
  },
  {
    breaks: "a compare-and-swap that succeeds counts as a read",
    file: "sim/perform.ts",
    find: "  return changed;",
    replace: "  return false;",
  },
  {
    breaks: "a search for traces that was stopped says that it was complete",
    file: "explore/dpor.ts",
    find: "return this.result(false);",
    replace: "return this.result(true);",
  },

  // stateful
  {
    breaks: "a read commutes with what others may still write",
    file: "explore/futures.ts",
    find: "if (both & (written | (added & read))) return true;",
    replace: "if (a.writes[i] & (b.reads[i] | b.writes[i])) return true;",
  },
  {
    breaks: "an addition commutes with a read",
    file: "explore/futures.ts",
    find: "(written | (added & read))",
    replace: "written",
  },
  {
    breaks: "of what others may still do only their next step counts",
    file: "explore/futures.ts",
    find: "for (let grown = true; grown;) {",
    replace: "for (let grown = false; grown;) {",
  },
  {
    breaks: "a step on a bit touches no other bit, and no word",
    file: "explore/futures.ts",
    find: "const atoms = this.byBits[half] ? 32 : 1;",
    replace: "const atoms = 1;",
  },
  {
    breaks: "what was left out before more was learnt is not made up for",
    file: "explore/stateful.ts",
    find: "if (!(yield* this.makeUp())) return this.result(false);",
    replace: "",
  },
  {
    breaks: "a step that ends the run is taken to be enough",
    file: "explore/stateful.ts",
    find: "if (this.step(state, alone) === ENDS) return this.stepAll(state, alone);",
    replace: "this.step(state, alone);",
  },
  {
    breaks: "a search for states that was stopped says that it was complete",
    file: "explore/stateful.ts",
    find: "!(yield* this.watch.mayGoOn(this.progress(head))))\n          return this.result(false);",
    replace: "!(yield* this.watch.mayGoOn(this.progress(head)))) return this.result(true);",
  },

  // states and threads
  {
    breaks: "two states are one if their hashes are, of a few bits",
    file: "explore/state_table.ts",
    find: "if (this.hashes[id] === hash && this.equals(id, row)) return id;",
    replace: "if ((this.hashes[id] & 0xff) === (hash & 0xff)) return id;",
  },
  {
    breaks: "a step is looked up by its node, whatever memory holds",
    file: "explore/state_table.ts",
    find: "(slots[slot] === a && slots[slot + 1] === b)",
    replace: "slots[slot] === a",
  },
  {
    breaks: "undoing a write of 8 bytes forgets the high half",
    file: "explore/moves.ts",
    find: "if (transition.bytes === 8) this.touch(transition.half + 1);",
    replace: "",
  },
  {
    breaks: "a deadlock is taken for an end",
    file: "explore/space.ts",
    find: `this.trees.filter((_, t) => this.node(state, t).kind !== "finished")`,
    replace: "[]",
  },
  {
    breaks: "a run that a BUG ends has no outcome",
    file: "explore/space.ts",
    find: "if (end) this.report(",
    replace: "if (end && !end.bug) this.report(",
  },
  {
    breaks: "a function's answer is forgotten when it returns",
    file: "explore/local_state.ts",
    find: "names.describe([...(top.args ?? []), value])",
    replace: "names.describe([...(top.args ?? [])])",
  },
  {
    breaks: "what a function has left in its arguments is forgotten",
    file: "explore/local_state.ts",
    find: "names.describe([...(top.args ?? []), value])",
    replace: "names.describe([value])",
  },
  {
    breaks: "threads that finish are all alike",
    file: "explore/observation_tree.ts",
    find: "`finished ${text} ${sayCarried(frame.carried)}`",
    replace: "`finished`",
  },

  // locks
  {
    breaks: "a reader excludes other readers",
    file: "sim/perform.ts",
    find: "return halves[t.half] >= 0;",
    replace: "return halves[t.half] === 0;",
  },
  {
    breaks: "a lock that is a bit does not wait",
    file: "sim/perform.ts",
    find: "return ((halves[t.half] >>> t.shift) & 1) === 0;",
    replace: "return true;",
  },
  {
    breaks: "anybody may unlock",
    file: "explore/carried.ts",
    find: `return transition.act.startsWith("unlock") && !holds(carried, operation);`,
    replace: "return false;",
  },

  // stories
  {
    breaks: "a shortest schedule is traced back through the wrong state",
    file: "explore/paths.ts",
    find: "add(next, head, thread)",
    replace: "add(next, queue.length - 1, thread)",
  },
  {
    breaks: "a state counts as seen whichever thread moved last",
    file: "explore/paths.ts",
    find: "this.seen.add(state * (this.threads + 1) + last + 1)",
    replace: "this.seen.add(state)",
  },
  {
    breaks: "leaving a thread that could not go on counts as a preemption",
    file: "explore/paths.ts",
    find: "(switched && lastCan ? 1 : 0)",
    replace: "(switched ? 1 : 0)",
  },
  {
    breaks: "the last schedule found is taken for the best",
    file: "explore/paths.ts",
    find: "if (this.wanted.delete(id)) ",
    replace: "",
  },
];
