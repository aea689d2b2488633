// Controls for one value. `get` and `set` reach it; undefined is "not set".
import { complain, el, fresh } from "./dom.js";
import { isNumber, read } from "./scalars.js";
import { isWellKnown } from "./schema.js";
import { hint, isTree, readWellKnown, wrapped } from "./well-known.js";

/** Whether a value of this field is a message with fields of its own. */
export const isNested = (field) => field.kind === "message" && !isWellKnown(field.type);

/** A control and the place for its problem; `label` says what it is where no label element does. */
export function control(schema, field, slot, label) {
  const named = { id: fresh("value"), "aria-label": label };
  if (field.kind === "enum") {
    return choice(named, schema.values(field.type), slot, field.implicit);
  }
  const kind = field.kind === "message" ? wrapped(field.type) : field.kind;
  if (kind === "bool") {
    return field.implicit ? check(named, slot) : choice(named, ["true", "false"], bool(slot), false);
  }
  if (field.kind === "message") {
    return written(named, isTree(field.type), hint(field.type), slot, (text) => readWellKnown(field.type, text));
  }
  const placeholder = field.kind === "bytes" ? "base64" : undefined;
  const keeps = field.kind === "string" && field.keepsEmpty;
  return written({ ...named, inputmode: isNumber(field.kind) ? "decimal" : undefined }, false, placeholder, slot, (text) => read(field.kind, text), keeps);
}

function bool(slot) {
  return {
    get: () => (slot.get() === undefined ? undefined : String(slot.get())),
    set: (text) => slot.set(text === undefined ? undefined : text === "true"),
  };
}

function choice(named, names, slot, implicit) {
  const now = slot.get();
  const none = el("option", { value: "" }, implicit ? `${names[0]} (default)` : "not set");
  const shown = implicit ? names.slice(1) : names;
  const select = el(
    "select",
    { ...named, change: () => slot.set(select.value === "" ? undefined : select.value) },
    none,
    ...shown.map((name) => el("option", { value: name }, name)),
  );
  if (now !== undefined && !shown.includes(now) && !(implicit && now === names[0])) {
    select.append(el("option", { value: now }, String(now)));
  }
  select.value = now === undefined || (implicit && now === names[0]) ? "" : now;
  return { input: select, parts: [select] };
}

function check(named, slot) {
  const box = el("input", { ...named, type: "checkbox", change: () => slot.set(box.checked || undefined) });
  box.checked = slot.get() === true;
  return { input: box, parts: [box] };
}

function written(named, tall, placeholder, slot, parse, keepsEmpty = false) {
  const problem = el("span", { class: "problem" });
  const take = () => {
    if (input.value === "" && !keepsEmpty) {
      complain(input, problem, "");
      slot.set(undefined);
      return;
    }
    const outcome = parse(input.value);
    complain(input, problem, outcome.problem ?? "");
    if (!outcome.problem) {
      slot.set(outcome.value);
    }
  };
  const input = tall
    ? el("textarea", { ...named, rows: 3, spellcheck: "false", placeholder, input: take })
    : el("input", { ...named, type: "text", autocomplete: "off", spellcheck: "false", placeholder, input: take });
  const now = slot.get();
  if (now !== undefined) {
    input.value = typeof now === "string" && !tall ? now : typeof now === "object" || tall ? JSON.stringify(now, null, 2) : String(now);
  }
  return { input, parts: [input, problem] };
}
