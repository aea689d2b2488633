// A form for a message, which writes into an object of ProtoJSON.
import { list, map } from "./collections.js";
import { button, el, fresh } from "./dom.js";
import { control, isNested } from "./fields.js";
import { zero } from "./scalars.js";
import { shortName, typeText } from "./schema.js";
import { empty } from "./well-known.js";

/** The fields of a message; `value` is changed in place, and `changed` called after that. */
export function form(schema, type, value, changed) {
  const fields = schema.fields(type);
  const all = el("div", { class: "fields" });
  if (fields.length === 0) {
    all.append(el("p", { class: "empty" }, `${shortName(type)} has no fields.`));
  }
  const oneofs = new Set();
  for (const field of fields) {
    settle(value, field);
    if (!field.oneof) {
      all.append(labelled(schema, field, slotOf(value, field, changed)));
    } else if (!oneofs.has(field.oneof)) {
      oneofs.add(field.oneof);
      const members = fields.filter((other) => other.oneof === field.oneof);
      members.forEach((member) => settle(value, member));
      all.append(oneof(schema, field.oneof, members, value, changed));
    }
  }
  return all;
}

/** JSON may name a field as the proto file does. */
function settle(value, field) {
  if (field.name !== field.json && value[field.name] !== undefined) {
    value[field.json] ??= value[field.name];
    delete value[field.name];
  }
  if (value[field.json] === null && field.type !== "google.protobuf.Value") {
    delete value[field.json];
  }
}

function slotOf(value, field, changed) {
  return {
    get: () => value[field.json],
    set(next) {
      if (next === undefined) {
        delete value[field.json];
      } else {
        value[field.json] = next;
      }
      changed();
    },
    changed,
  };
}

function labelled(schema, field, slot) {
  const words = [`${field.name} `, el("span", { class: "type" }, typeText(schema, field) + (field.required ? ", required" : ""))];
  if (field.kind === "map" || field.repeated || isNested(field)) {
    const id = fresh("name");
    const group = el("div", { class: "control", role: "group", "aria-labelledby": id }, several(schema, field, slot));
    return el("div", { class: "field" }, el("div", { class: "name", id }, ...words), group);
  }
  const made = control(schema, { ...field, implicit: !field.presence }, slot);
  return el(
    "div",
    { class: "field" },
    el("label", { class: "name", for: made.input.id }, ...words),
    el("div", { class: "control" }, ...made.parts),
  );
}

/** The editor of what is no single value. */
function several(schema, field, slot) {
  if (field.kind === "map") {
    return map(schema, field, slot, single);
  }
  return field.repeated ? list(schema, field, slot, single) : optional(schema, field, slot);
}

/** One value in a list, a map or a oneof. */
export function single(schema, field, slot, label) {
  if (!isNested(field)) {
    return control(schema, { ...field, implicit: true, keepsEmpty: true }, slot, label).parts;
  }
  if (slot.get() === undefined) {
    slot.set({});
  }
  return [el("fieldset", { class: "nested grow" }, el("legend", {}, label), form(schema, field.type, slot.get(), slot.changed))];
}

/** A message that may be there or not; it is opened when it is asked for, since messages may stand in themselves. */
function optional(schema, field, slot) {
  const place = el("div", { class: "row" });
  const show = (focus) => {
    if (slot.get() === undefined) {
      const add = button(`Add ${field.name}`, () => {
        slot.set({});
        show(true);
      }, { class: "small" });
      place.replaceChildren(add);
      if (focus) add.focus();
      return;
    }
    const remove = button(`Remove ${field.name}`, () => {
      slot.set(undefined);
      show(true);
    }, { class: "small" });
    place.replaceChildren(...single(schema, field, slot, shortName(field.type)), remove);
    if (focus) (place.querySelector("input, select, textarea") ?? remove).focus();
  };
  show(false);
  return place;
}

/** At most one of some fields. */
function oneof(schema, name, members, value, changed) {
  const id = fresh("choice");
  const place = el("div", { class: "row" });
  const pick = el("select", { id, change: () => show(true) }, el("option", { value: "" }, "none"));
  members.forEach((member) => pick.append(el("option", { value: member.json }, member.name)));
  pick.value = members.find((member) => value[member.json] !== undefined)?.json ?? "";
  const show = (chosen) => {
    members.filter((member) => member.json !== pick.value).forEach((member) => delete value[member.json]);
    const member = members.find((one) => one.json === pick.value);
    place.replaceChildren();
    if (member) {
      const slot = slotOf(value, member, changed);
      if (chosen && slot.get() === undefined) {
        value[member.json] = initial(schema, member);
      }
      place.append(...single(schema, member, slot, `${member.name} (${typeText(schema, member)})`));
    }
    if (chosen) changed();
  };
  show(false);
  return el(
    "div",
    { class: "field" },
    el("label", { class: "name", for: id }, `${name} `, el("span", { class: "type" }, "oneof")),
    el("div", { class: "control" }, pick, place),
  );
}

/** What a field holds when it is chosen and nothing is written yet. */
export function initial(schema, field) {
  if (field.kind === "message") {
    return isNested(field) ? {} : empty(field.type);
  }
  return field.kind === "enum" ? schema.values(field.type)[0] : zero(field.kind);
}
