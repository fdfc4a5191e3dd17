// Code that nobody vouches for, run apart: a link's kernel, a student's answer. It is asked what its functions want next, and nothing else.

export {assembleApart, bootApart, type Patched} from "./assemble.ts";
export {loadQuickJS} from "./engine.ts";
export {Refused, Thrown, Trouble} from "./refused.ts";
export {createSandbox, type Sandbox} from "./sandbox.ts";
