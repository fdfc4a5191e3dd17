// `Inputs` in Observable's manner, for `view`. Each is an element with a `value` that fires `input`; each has a label, and is used
// by keyboard as the browser's own are. Loaded when a cell first asks for it.

import {range, withValue, type Control} from "./controls.ts";
import {element} from "./html.ts";

type Format<Option> = (option: Option) => string;
type Options<Option> = Iterable<Option> | ReadonlyMap<string, Option>;
type Labelled = {readonly label?: string};
type Choice<Option> = Labelled & {readonly format?: Format<Option>};

/** A value that presses change: how many there were, or what the actions make of it, as in `Inputs.button([["More", (n) => n + 1], ["None", () => 0]], {value: 0})`. */
function button<Value = number>(
  content: string | readonly (readonly [string, (value: Value) => Value])[] = "OK",
  {
    label,
    value = 0 as Value,
    reduce = (n: Value) => ((n as number) + 1) as Value,
  }: Labelled & {value?: Value; reduce?: (value: Value) => Value} = {},
): Control<Value> {
  let current = value;
  const actions = typeof content === "string" ? [[content, reduce] as const] : content;
  const buttons = actions.map(([name, change], i) => {
    const press = element(
      "button",
      {type: "button", class: i === 0 ? "button primary" : "button"},
      name,
    );
    press.addEventListener("click", () => {
      current = change(current);
      root.dispatchEvent(new Event("input", {bubbles: true}));
    });
    return press;
  });
  const root = group(label ?? "", "buttons", buttons);
  return withValue(root, () => current);
}

/** On or off; or one of two values. */
function toggle<Value = boolean>({
  label = "on",
  value,
  values = [true, false] as unknown as readonly [Value, Value],
}: Labelled & {value?: Value; values?: readonly [on: Value, off: Value]} = {}): Control<Value> {
  const box = element("input", {type: "checkbox"});
  box.checked = value === values[0];
  const root = element("label", {class: "control"}, box, element("span", {}, label));
  return withValue(root, () => (box.checked ? values[0] : values[1]));
}

/** Any number of several. */
function checkbox<Option>(
  options: Options<Option>,
  {label = "", value = [], format}: Choice<Option> & {value?: Iterable<Option>} = {},
): Control<Option[]> {
  const chosen = new Set(value);
  const boxes = choices(options, format).map(([name, option]) => {
    const box = element("input", {type: "checkbox"});
    box.checked = chosen.has(option);
    return {name, option, box};
  });
  const root = group(label, "choices", boxes.map(boxed));
  return withValue(root, () => boxes.filter(({box}) => box.checked).map(({option}) => option));
}

/** One of several, or none yet. */
function radio<Option>(
  options: Options<Option>,
  {label = "", value, format}: Choice<Option> & {value?: Option} = {},
): Control<Option | null> {
  const name = `radio-${crypto.randomUUID()}`;
  const boxes = choices(options, format).map(([said, option]) => {
    const box = element("input", {type: "radio", name});
    box.checked = option === value;
    return {name: said, option, box};
  });
  const root = group(label, "choices", boxes.map(boxed));
  return withValue(root, () => boxes.find(({box}) => box.checked)?.option ?? null);
}

/** A number, typed. */
function number(
  [min, max]: readonly [number, number] = [-Infinity, Infinity],
  {label, value, step}: Labelled & {value?: number; step?: number} = {},
): Control<number> {
  const field = element("input", {type: "number", step: String(step ?? "any")});
  if (Number.isFinite(min)) field.min = String(min);
  if (Number.isFinite(max)) field.max = String(max);
  if (value !== undefined) field.valueAsNumber = value;
  return withValue(labelled(label, "number", field), () => field.valueAsNumber);
}

/** One of many, or with `multiple` any number of them. */
function select<Option>(
  options: Options<Option>,
  {
    label,
    value,
    multiple = false,
    format,
  }: Choice<Option> & {value?: Option | readonly Option[]; multiple?: boolean} = {},
): Control<Option | Option[] | null> {
  const all = choices(options, format);
  const list = element("select", {});
  list.multiple = multiple;
  list.append(...all.map(([name]) => element("option", {}, name)));
  const chosen: readonly unknown[] = multiple
    ? ((value as readonly Option[] | undefined) ?? [])
    : [value ?? all[0]?.[1]];
  all.forEach(([, option], i) => (list.options[i]!.selected = chosen.includes(option)));
  return withValue(labelled(label, "choice", list), () => {
    const taken = all.filter((_, i) => list.options[i]!.selected).map(([, option]) => option);
    return multiple ? taken : (taken[0] ?? null);
  });
}

function text({
  label,
  value = "",
  placeholder = "",
}: Labelled & {value?: string; placeholder?: string} = {}): Control<string> {
  const field = element("input", {type: "text", placeholder, autocomplete: "off"});
  field.value = value;
  return withValue(labelled(label, "text", field), () => field.value);
}

function textarea({
  label,
  value = "",
  placeholder = "",
  rows = 3,
}: Labelled & {value?: string; placeholder?: string; rows?: number} = {}): Control<string> {
  const field = element("textarea", {placeholder, rows: String(rows)});
  field.value = value;
  return withValue(labelled(label, "text", field), () => field.value);
}

/** Those of `data` in which every word that was typed occurs. */
function search<Item>(
  data: Iterable<Item>,
  {
    label,
    query = "",
    placeholder = "search",
  }: Labelled & {query?: string; placeholder?: string} = {},
): Control<Item[]> {
  const all = [...data];
  const field = element("input", {type: "search", placeholder, autocomplete: "off"});
  field.value = query;
  const count = element("output", {});
  const root = labelled(label, "search", field);
  root.append(count);
  const found = (): Item[] => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    return all.filter((item) => {
      const said = saidOf(item).toLowerCase();
      return words.every((word) => said.includes(word));
    });
  };
  const say = (): void => void (count.textContent = `${found().length} of ${all.length}`);
  field.addEventListener("input", say);
  say();
  return withValue(root, found);
}

/** The rows, to be read. */
function table<Row extends object>(
  data: Iterable<Row>,
  {columns, label = "table"}: Labelled & {columns?: readonly string[]} = {},
): Control<Row[]> {
  const rows = [...data];
  const names = columns ?? Object.keys(rows[0] ?? {});
  const cells = (row: Row) =>
    names.map((name) => element("td", {}, String(Reflect.get(row, name) ?? "")));
  const made = element(
    "table",
    {},
    element(
      "thead",
      {},
      element("tr", {}, ...names.map((name) => element("th", {scope: "col"}, name))),
    ),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row)))),
  );
  const root = element(
    "div",
    {class: "table", tabindex: "0", role: "group", "aria-label": label},
    made,
  );
  return withValue(root, () => rows);
}

export const Inputs = {
  button,
  toggle,
  checkbox,
  radio,
  range,
  number,
  select,
  text,
  textarea,
  search,
  table,
} as const;

/** What each option is called, and what it stands for: a Map gives both. */
function choices<Option>(
  options: Options<Option>,
  format: Format<Option> = String,
): (readonly [string, Option])[] {
  if (options instanceof Map) return [...(options as ReadonlyMap<string, Option>)];
  return [...(options as Iterable<Option>)].map((option) => [format(option), option] as const);
}

function boxed({name, box}: {name: string; box: HTMLInputElement}): HTMLElement {
  return element("label", {}, box, element("span", {}, name));
}

function group(label: string, kind: string, members: readonly HTMLElement[]): HTMLElement {
  const said = label === "" ? [] : [element("span", {class: "label"}, label)];
  return element(
    "div",
    {class: "control", role: "group", "aria-label": label || kind},
    ...said,
    ...members,
  );
}

/** Nobody may have said what it is called: then those who do not see it hear what kind it is. */
function labelled(label: string | undefined, kind: string, field: HTMLElement): HTMLElement {
  const said = element("span", label === undefined ? {class: "unseen"} : {}, label ?? kind);
  return element("label", {class: "control"}, said, field);
}

function saidOf(item: unknown): string {
  return typeof item === "object" && item !== null
    ? Object.values(item).join(" ")
    : String(item);
}
