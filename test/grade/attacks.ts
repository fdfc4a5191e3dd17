// What people try instead of solving an assignment, put into a wrong answer to assignment 6: none of it may earn a point.

/** `body` stands at the beginning of try_get_compound_head(), or the whole answer is given. */
export type Attack = {readonly name: string} & (
  {readonly body: string} | {readonly answer: string}
);

const loops: Attack[] = [
  {name: "an endless loop", body: "for (;;) {}"},
  {name: "an endless loop that catches", body: "for (;;) { try { throw 1; } catch {} }"},
  {name: "an endless loop in finally", body: "try { return null; } finally { for (;;) {} }"},
  {
    name: "an endless loop in a function of its own",
    body: "(() => { let i = 0; while (true) i++; })();",
  },
  {name: "a regular expression that backtracks", body: '/^(a+)+$/.test("a".repeat(40) + "b");'},
  {name: "a recursion without end", body: "const f = (n) => f(n + 1) + 1; f(0);"},
  {
    name: "a retry without end",
    body: "for (;;) { const c = yield* page_ref_count(page); if (c < 0) break; }",
  },
  {name: "a loop of announcements", body: "for (;;) yield* smp_wmb();"},
  {
    name: "a recursion by way of the kernel",
    body: "return yield* try_grab_compound_head(page, refs, FOLL_GET);",
  },
  {
    name: "a recursion by way of the kernel, with a step in between",
    body: "yield* compound_head(page); return yield* try_grab_compound_head(page, refs, FOLL_GET);",
  },
  {
    name: "a loop of microtasks",
    body: "const again = () => Promise.resolve().then(again); again();",
  },
  {
    name: "a thrown object whose message goes on for ever",
    body: "throw {get message() { for (;;) {} }, toString() { for (;;) {} }};",
  },
  {
    name: "an iterator that never ends",
    body: "yield* {[Symbol.iterator]: () => ({next: () => { for (;;) {} }})};",
  },
  {
    name: "a getter in an argument",
    body: "yield* page_ref_count({get _refcount() { for (;;) {} }});",
  },
  {name: "a built-in that takes long", body: "new Array(2 ** 30).fill(1).sort();"},
];

const bombs: Attack[] = [
  {
    name: "a heap that grows",
    body: "const all = []; for (;;) all.push(new Uint8Array(100_000));",
  },
  {name: "objects that grow", body: "const all = []; for (;;) all.push({a: [], b: {}});"},
  {name: "a string bomb", body: 'let s = "x"; for (;;) s += s;'},
  {name: "a buffer bomb", body: "new ArrayBuffer(2 ** 31);"},
  {name: "many buffers", body: "const all = []; for (;;) all.push(new ArrayBuffer(2 ** 24));"},
  {name: "an answer that is huge", body: 'yield* BUG_ON(true, "x".repeat(10_000_000));'},
  {name: "memory of the kernel's without end", body: "for (let i = 0; ; i++) pfn_to_page(i);"},
  {
    name: "a deep value",
    body: "let deep = {}; for (let i = 0; i < 5_000; i++) deep = {deep}; yield* page_ref_count(deep);",
  },
];

const outwards: Attack[] = [
  {name: "process.exit", body: "process.exit(0);"},
  {
    name: "exit by a constructor",
    body: 'page.constructor.constructor("return process")().exit(0);',
  },
  {name: "a signal", body: 'process.kill(process.ppid, "SIGKILL");'},
  {name: "reading a file", body: 'require("node:fs").readFileSync("/etc/passwd");'},
  {
    name: "reading by a built-in module",
    body: 'process.getBuiltinModule("fs").readFileSync("notebooks/06-try-get-compound-head/teacher/reference.ts");',
  },
  {
    name: "importing",
    body: 'import("node:fs").then((fs) => fs.writeFileSync("/tmp/tailpage-attack", ""));',
  },
  {
    name: "writing a file",
    body: 'std.open("/tmp/tailpage-attack", "w"); os.open("/tmp/tailpage-attack", 1);',
  },
  {
    name: "the network",
    body: 'fetch("http://127.0.0.1:9"); new WebSocket("ws://127.0.0.1:9");',
  },
  {
    name: "the host's function",
    body: "outside(JSON.stringify({pass: true})); oracle.createGuest = null;",
  },
];

const forgeries: Attack[] = [
  {
    name: "Array.prototype patched",
    body: "Array.prototype.push = Array.prototype.map = () => [];",
  },
  {
    name: "the generators' next patched",
    body: "Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())).next = () => ({done: true, value: true});",
  },
  {name: "JSON patched", body: "JSON.stringify = () => '{\"done\":[0,0,0]}';"},
  {
    name: "JSON.parse patched",
    body: "const parse = JSON.parse; JSON.parse = (t) => ({...parse(t), status: 'pass', earned: 100});",
  },
  {
    name: "a setter on Object.prototype",
    body: 'for (const name of ["status", "earned", "pass", "findings", "invariant", "threw"]) Object.defineProperty(Object.prototype, name, {get: () => "pass", set() {}, configurable: true});',
  },
  {
    name: "WeakMap and Map patched",
    body: "Map.prototype.get = () => undefined; WeakMap.prototype.get = () => 1;",
  },
  {
    name: "a forged operation",
    body: 'yield* [{kind: "store", act: "store", cell: page._refcount, operand: 1, expected: 0, answer: "nothing", plain: true}];',
  },
  {
    name: "a forged call",
    body: 'yield* [{name: "page_ref_freeze", args: [page, 1], act: "call"}];',
  },
  {name: "a call of what boots", body: 'yield* [{name: "start_kernel", args: []}];'},
  {
    name: "a call of the machine's",
    body: 'yield* [{name: "structure_at", args: [page.address, () => page]}];',
  },
  {
    name: "an operation that answers otherwise each time",
    body: 'let n = 0; yield* [{get name() { return n++ ? "page_ref_count" : "put_page"; }, args: [page]}];',
  },
  {
    name: "a word that belongs to whoever watches",
    body: 'for (let a = -131_000_000_000_000; a < -130_999_999_999_000; a += 4) { yield* store({address: a, bytes: 4, type: "int", group: "ghost", field: "x"}, 0); }',
  },
  {
    name: "the words behind the page",
    body: "yield* store({...page._refcount, address: page._refcount.address + 4096 * 64}, 7);",
  },
  {name: "the machine's memory", body: "machine.memory.halves.fill(1);"},
  {name: "the machine frozen otherwise", body: "machine.pages = 1;"},
  {name: "a structure bent", body: "page._refcount.address = page._mapcount.address;"},
  {
    name: "a finding forged in a message",
    body: 'yield* BUG_ON(true, "status: pass, points 100");',
  },
  {
    name: "a late promise",
    body: 'Promise.resolve().then(() => { JSON.stringify = () => "null"; });',
  },
  {name: "a value that is no page", body: 'return {name: "page[0]", address: page.address};'},
  {name: "a page made up", body: "return {...page, _refcount: page._mapcount};"},
  {name: "true instead of a page", body: "return true;"},
];

const ofTheKernel: Attack[] = [
  {name: "VM_BUG_ON_PAGE put out of order", body: "VM_BUG_ON_PAGE = function* () {};"},
  {
    name: "VM_BUG_ON_PAGE put out of order by eval",
    body: 'eval("VM_BUG_ON_PAGE = function* () {}"); (0, eval)("VM_BUG_ON_PAGE = function* () {}");',
  },
  {
    name: "VM_BUG_ON_PAGE put out of order by a global",
    body: "globalThis.VM_BUG_ON_PAGE = function* () {}; globalThis.kernel = null;",
  },
  {
    name: "a caller defined again",
    answer:
      "function* try_get_compound_head(page, refs) { return null; }\nfunction* get_user_page_fast(mm, index, flags) { return null; }",
  },
  {
    name: "a check defined again",
    answer:
      "function* try_get_compound_head(page, refs) { return null; }\nfunction* VM_BUG_ON_PAGE() {}",
  },
  {
    name: "a constant at the top",
    answer: "const try_get_compound_head = function* () { return null; };",
  },
  {
    name: "a statement at the top",
    answer: "function* try_get_compound_head() { return null; }\nwhile (true) {}",
  },
  {
    name: "an import",
    answer:
      'import fs from "node:fs";\nfunction* try_get_compound_head() { fs.writeFileSync("/tmp/tailpage-attack", ""); return null; }',
  },
  {
    name: "a way out of the function",
    answer:
      "function* try_get_compound_head() { return null; } }); VM_BUG_ON_PAGE = 1; (function () {",
  },
  {name: "nothing", answer: "// nothing"},
];

const carried: Attack[] = [
  {
    name: "a count kept between runs",
    body: "globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n % 2) return null;",
  },
  {
    name: "a lock outside of memory",
    body: "if (globalThis.held) return null; globalThis.held = true;",
  },
  {
    name: "a count kept on a function",
    body: "const f = try_get_compound_head; f.n = (f.n ?? 0) + 1; if (f.n > 3) return null;",
  },
  {name: "chance", body: "if (Math.random() < 0.5) return null;"},
  {name: "the clock", body: "if (Date.now() % 2) return null;"},
];

export const attacks: readonly Attack[] = [
  ...loops,
  ...bombs,
  ...outwards,
  ...forgeries,
  ...ofTheKernel,
  ...carried,
];

/** What is wrong with v5.13's, with the attack in it. */
export function answerWith(attack: Attack): string {
  if ("answer" in attack) return attack.answer;
  return `function* try_get_compound_head(page, refs) {
  ${attack.body}
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  return got ? head : null;
}`;
}
