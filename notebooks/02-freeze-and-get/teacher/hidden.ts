// teacher-only

import {holds, type Property} from "../../../src/grade/index.ts";
import {scanning} from "../checks.ts";

export const hidden: readonly Property[] = [
  holds({
    id: "four-pages",
    title: "The same with a huge page of four pages, of which the last is taken.",
    points: 1,
    needs: ["page_ref_freeze", "get_page_unless_zero"],
    in: scanning("tail", 4),
    some: ["got it", "did not get it", "split"],
  }),
  holds({
    id: "pinned",
    title: "A page that is pinned is not split, and one that is being split is not pinned.",
    points: 2,
    needs: ["page_ref_freeze"],
    in: {race: "split_vs_pin", set: {pages: 2}, mostSteps: 600},
    some: ["split", "not split"],
  }),
];
