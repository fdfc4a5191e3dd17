// Replacing functions of the kernel by name: a chapter's fix, a reader's edit and a student's answer are all livepatches.

export {answered} from "./alone.ts";
export {
  link,
  linkApart,
  type ApartKernel,
  type Elsewhere,
  type LinkedKernel,
  type Livepatch,
  type PreparedLivepatch,
} from "./link.ts";
export type {Declaration, SourceFile} from "./source_file.ts";
export {UserError} from "./user_error.ts";
