// Code that nobody vouches for, run apart: a link's kernel, a student's answer. It is asked what its threads do next, and nothing else.

export {createSandbox, type Sandbox} from "./engine.ts";
export {assembleApart, type Shut} from "./threads.ts";
