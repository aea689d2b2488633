// Lists and maps.
import { button, complain, el } from "./dom.js";
import { initial } from "./form.js";
import { read } from "./scalars.js";
import { shortName } from "./schema.js";

/** A list; `single` makes the editor of one value. */
export function list(schema, field, slot, single) {
  const rows = el("div", { class: "fields grow" });
  const place = el("div", { class: "row" }, rows);
  const values = () => slot.get() ?? [];
  const show = (focusAt) => {
    rows.replaceChildren(
      ...values().map((_, index) => {
        const own = {
          get: () => values()[index],
          set(next) {
            values()[index] = next === undefined ? initial(schema, field) : next;
            slot.changed();
          },
          changed: slot.changed,
        };
        const label = `${field.name}[${index}]`;
        const remove = button("Remove", () => {
          const rest = values().filter((__, other) => other !== index);
          slot.set(rest.length ? rest : undefined);
          show(Math.min(index, rest.length - 1));
        }, { class: "small", "aria-label": `Remove ${label}` });
        return el("div", { class: "row" }, ...single(schema, field, own, label), remove);
      }),
      add,
    );
    if (focusAt !== undefined) {
      (rows.children[focusAt]?.querySelector("input, select, textarea") ?? add).focus();
    }
  };
  const what = `Add ${field.type ? shortName(field.type) : field.kind}`;
  const add = button(what, () => {
    slot.set([...values(), initial(schema, field)]);
    show(values().length - 1);
  }, { class: "small", "aria-label": `${what} to ${field.name}` });
  show();
  return place;
}

/** A map, as rows of keys and values; a key that stands twice is a problem. */
export function map(schema, field, slot, single) {
  const [keyField, valueField] = schema.fields(field.type);
  const entries = Object.entries(slot.get() ?? {});
  const rows = el("div", { class: "fields grow" });
  const store = () => {
    const whole = Object.fromEntries(entries.filter(([key, value]) => key !== null && value !== undefined));
    slot.set(entries.length ? whole : undefined);
  };
  const row = (entry) => {
    const problem = el("span", { class: "problem" });
    const take = () => {
      const key = read(keyField.kind, input.value);
      const twice = entries.some((other) => other !== entry && other[0] === input.value);
      complain(input, problem, key.problem ?? (twice ? "This key is there already." : ""));
      entry[0] = key.problem || twice ? null : input.value;
      store();
    };
    const input = el("input", { type: "text", "aria-label": `Key of ${field.name}`, placeholder: "key", autocomplete: "off", input: take });
    input.value = entry[0] ?? "";
    const own = {
      get: () => entry[1],
      set(next) {
        entry[1] = next === undefined ? initial(schema, valueField) : next;
        store();
      },
      changed: store,
    };
    const remove = button("Remove", () => {
      entries.splice(entries.indexOf(entry), 1);
      made.remove();
      store();
      add.focus();
    }, { class: "small", "aria-label": `Remove entry of ${field.name}` });
    const made = el("div", { class: "row" }, el("div", { class: "grow" }, input, problem), ...single(schema, valueField, own, `Value of ${field.name}`), remove);
    return made;
  };
  const add = button("Add entry", () => {
    const entry = [null, initial(schema, valueField)];
    entries.push(entry);
    const made = row(entry);
    add.before(made);
    made.querySelector("input").focus();
  }, { class: "small", "aria-label": `Add entry to ${field.name}` });
  rows.append(...entries.map(row), add);
  return el("div", { class: "row" }, rows);
}
