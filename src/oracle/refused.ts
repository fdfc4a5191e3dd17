// What came out of the sandbox is not what threads say: whoever wrote the code tried something.

import {UserError} from "../livepatch/index.ts";

export class Refused extends UserError {
  constructor(what: string) {
    super(`the code that runs shut away said what no thread says: ${what}`);
  }
}
