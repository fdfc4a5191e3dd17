// Replacing functions of the kernel by name: a chapter's fix, a reader's edit and a student's answer are all livepatches.

export {readSource, type Declaration, type SourceFile} from "./declarations.ts";
export {link, type LinkedKernel, type Livepatch} from "./link.ts";
export {UserError} from "./user_error.ts";
