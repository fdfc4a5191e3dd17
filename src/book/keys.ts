// The keys of the book, for the help on `?` and for the page about browsers: one list. Tests hold it against what the
// timeline and the page do.

export type KeyList = {
  readonly where: string;
  readonly keys: readonly {readonly keys: readonly string[]; readonly does: string}[];
};

export const KEYS: readonly KeyList[] = [
  {
    where: "On a page, while nothing is being typed",
    keys: [
      {keys: ["/"], does: "search the book"},
      {keys: ["?"], does: "this list"},
      {keys: ["j"], does: "next chapter"},
      {keys: ["k"], does: "chapter before"},
    ],
  },
  {
    where: "In the search",
    keys: [
      {keys: ["↓", "↑"], does: "from result to result"},
      {keys: ["Enter"], does: "go there; in the field, to the first result"},
      {keys: ["Esc"], does: "close"},
    ],
  },
  {
    where: "On a word with a dotted line",
    keys: [
      {keys: ["Tab"], does: "reach it: what it means is shown"},
      {keys: ["Esc"], does: "close what is shown"},
    ],
  },
  {
    where: "On a listing and in its editor",
    keys: [
      {keys: ["Enter"], does: "edit the listing that has the focus"},
      {keys: ["Shift Enter", "Ctrl S"], does: "run it (⌘ S on a Mac)"},
      {keys: ["Esc"], does: "leave the editor"},
      {keys: ["Tab"], does: "go on to what follows: it is never caught"},
      {keys: ["Ctrl Space"], does: "which names there are"},
      {keys: ["F2"], does: "what the name at the cursor is"},
      {keys: ["F8", "Shift F8"], does: "to the next problem, to the one before"},
    ],
  },
  {
    where: "In a timeline",
    keys: [
      {keys: ["→", "←"], does: "one step forward, one back"},
      {keys: ["Shift →", "Shift ←"], does: "to the next switch of CPU, to the one before"},
      {keys: ["Home", "End"], does: "first step, last step"},
      {keys: ["f"], does: "to the finding"},
    ],
  },
  {
    where: "In a timeline, to leave its run",
    keys: [
      {keys: ["0", "1", "2", "3"], does: "let this CPU take the next step: a branch"},
      {keys: ["b"], does: "let the first store that waits in a buffer reach memory"},
      {keys: ["g"], does: "let the branch run on to its end"},
      {keys: ["r"], does: "back to the run, and to the branch again"},
    ],
  },
];
