import {readFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {link} from "../../src/livepatch/index.ts";
import {LinkedMachine, machineOf} from "../../src/recorded/linked_machine.ts";
import {CheckedMachine} from "../../src/recorded/invariants/checked_machine.ts";
import {tablesOf} from "../../src/recorded/invariants/tables.ts";
const m = new CheckedMachine(
  new LinkedMachine(
    link(sources),
    machineOf({pages: Number(process.env.PAGES ?? 4), pmds: Number(process.env.PMDS ?? 4)}),
  ),
);
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const [proc, name, a, b, c] = line.trim().split(" ");
  const done = m.do({proc: proc as never, name, a: +a, b: +b, c: +c});
  console.log("==", line, JSON.stringify(done), m.violations());
  const {kernel, machine} = m.machine;
  for (const [n, mm] of m.machine.processes) {
    console.log(
      n,
      mm.mmap
        .map(
          (v) =>
            `${(v.vm_start - kernel.TASK_START) / 4096}-${(v.vm_end - kernel.TASK_START) / 4096} ${v.vm_flags.toString(16)}`,
        )
        .join(" "),
    );
    console.log(
      "  ",
      tablesOf(m.machine, n, mm)
        .entries.map(
          (e) =>
            `${(e.address - kernel.TASK_START) / 4096}:${e.kind}:${"page" in e ? e.page.name + "/" + (e.entry & 0xfff).toString(16) + "=" + kernel.print_flags(machine.memory.read(e.page.flags)) + " ref" + machine.memory.read(e.page._refcount) : "offset" in e ? e.offset : ""}`,
        )
        .join("\n   "),
    );
  }
}
