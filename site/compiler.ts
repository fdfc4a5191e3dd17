// What makes a cell of text. Loaded when a listing is opened, after the editor: the first run needs it, and typing does not.

export {checkSyntax, compileCell} from "../src/book/cell.ts";
