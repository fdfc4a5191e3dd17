// What was not the same in all runs of a recording is left out of it, and named in the list `unstable` of its step: by its path, or by
// that of what it is in.

export function isUnstable(path: string, unstable: readonly string[]): boolean {
  return unstable.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** What stands for a piece that a step has to have, when it is left out. Nobody compares it. */
const EMPTY: readonly (readonly [path: RegExp, piece: () => unknown])[] = [
  [/^ret$/, () => 0],
  [/^err$/, () => "0"],
  [/^vmstat$/, () => ({})],
  [/^state$/, () => ({parent: {vmas: [], pages: {flags: {}}}})],
  [/^state\/parent$/, () => ({vmas: [], pages: {flags: {}}})],
  [/^state\/\w+\/vmas$/, () => []],
  [/^state\/\w+\/vmas\/[\d-]+\/perms$/, () => "----"],
  [/^state\/\w+\/vmas\/[\d-]+\/VmFlags$/, () => ""],
  [/^state\/\w+\/pages$/, () => ({flags: {}})],
  [/^state\/\w+\/pages\/flags$/, () => ({})],
];

type Loose = Record<string, unknown>;

/** Puts an empty piece where a step, as it was parsed, lacks one that its `unstable` names. */
export function fillUnstable(step: unknown): void {
  if (!isObject(step) || !Array.isArray(step.unstable)) return;
  for (const path of step.unstable.map(String)) {
    const keys = path.split("/");
    const [last] = keys.splice(-1);
    const owner = keys.reduce(partOf, step as unknown);
    const [, empty] = EMPTY.find(([kind]) => kind.test(path)) ?? [];
    if (empty && isObject(owner) && !Object.hasOwn(owner, last)) owner[last] = empty();
  }
}

function partOf(owner: unknown, key: string): unknown {
  if (Array.isArray(owner)) return owner.find((vma) => `${vma?.from}-${vma?.to}` === key);
  return isObject(owner) && Object.hasOwn(owner, key) ? owner[key] : undefined;
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
