// The frame opened by itself, from a bookmark or out of curiosity: it says what it is.

import {element} from "../html.ts";
import "./alone.css";

export function sayWhatThisIs(): void {
  const words = element(
    "p",
    {},
    "What a link brings along is shown here, when a chapter asks for it. By itself this page is empty. ",
  );
  words.append(element("a", {href: "./"}, "To the book"));
  const main = element("main", {class: "alone"});
  main.append(element("h1", {}, document.title), words);
  document.body.append(main);
}
