// teacher-only

import {holds, type Property} from "../../../src/grade/index.ts";
import {unhindered_migration} from "../../asking.ts";

const ENTRIES = [
  "swp_type",
  "swp_offset",
  "is_migration_entry",
  "is_write_migration_entry",
  "make_migration_entry",
  "migration_entry_to_page",
];

export const hidden: readonly Property[] = [
  holds({
    id: "waited-for",
    title: "With these entries a page is moved while the process waits for it.",
    points: 2,
    needs: ENTRIES,
    in: {race: "migration_vs_fault", set: {pages: 2}, mostSteps: 800},
    some: ["moved"],
  }),
  holds({
    id: "shared-by-two",
    title: "Counting does not keep a page from being moved that two processes share.",
    points: 2,
    needs: ["smaps_pte_entry"],
    in: {race: unhindered_migration, set: {pages: 2, mms: 2}, mostSteps: 800},
    some: ["Rss 8 kB, Pss 4 kB, Private 0 kB, Shared 8 kB, AnonHugePages 0 kB"],
  }),
];
