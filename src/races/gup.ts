// Who writes to a process's memory through GUP-fast, as a device driver does: gets a page, has it written to, and lets go of it.

import type {Thread} from "../explore/index.ts";
import type {Page} from "../mm/index.ts";
import type {HugePage} from "./huge_page.ts";
import type {Parameter, Parameters} from "./race.ts";

export const IPI: Parameter = {
  name: "ipi",
  about: "whoever flushes a TLB interrupts the other CPUs and waits for them",
  default: "off",
  values: ["on", "off"],
};

export const USE: Parameter = {
  name: "use",
  about: "what is taken of the page: a reference (FOLL_GET) or a pin (FOLL_PIN)",
  default: "get",
  values: ["get", "pin"],
};

export const DEBUG_VM: Parameter = {
  name: "debug_vm",
  about: "CONFIG_DEBUG_VM",
  default: "off",
  values: ["on", "off"],
};

/** What is written. */
export const WRITTEN = 1;

/** The functions of the kernel that this calls. */
export const GUP_ROOTS = ["get_user_page_fast", "unpin_user_page", "put_page", "store"];

/** On CPU `cpu`: gets the page at `index` of the range of the first process, writes to it, and lets go of it. */
export function gupUser(
  {kernel, mms, pages}: HugePage,
  {use}: Parameters,
  {cpu, index}: {cpu: number; index: number},
): Thread {
  const [mm] = mms;
  mm.cpumask.push(cpu);
  return {
    name: "get_user_pages_fast",
    *run() {
      const flags = use === "pin" ? kernel.FOLL_PIN : kernel.FOLL_GET;
      const page = yield* kernel.get_user_page_fast(mm, index, flags);
      if (page === null) return null;
      yield* kernel.store(kernel.page_address(page), WRITTEN);
      if (use === "pin") yield* kernel.unpin_user_page(page);
      else yield* kernel.put_page(page);
      return page;
    },
    prints: (result) =>
      result === null
        ? "no page"
        : `page ${pages.indexOf(result as Page)} is got and written to`,
  };
}
