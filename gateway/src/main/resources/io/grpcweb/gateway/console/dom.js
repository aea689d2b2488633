// Elements, made without any markup in texts.
let last = 0;

/** An id that no other element has. */
export function fresh(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

/** An element with attributes and children; a function among the attributes listens to the event of its name. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(key, value);
    } else if (value === true) {
      made.setAttribute(key, "");
    } else if (value !== false && value !== undefined && value !== null) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(text, press, attributes = {}) {
  return el("button", { type: "button", click: press, ...attributes }, text);
}

export const byId = (id) => document.getElementById(id);

/** An element whose first attribute of a name is set, or the attribute gone where the value is empty. */
export function mark(element, attribute, value) {
  if (value) {
    element.setAttribute(attribute, value);
  } else {
    element.removeAttribute(attribute);
  }
}

/** Shows what is wrong with a control, or nothing where it is an empty text. */
export function complain(control, place, problem) {
  place.textContent = problem;
  if (!place.id) {
    place.id = fresh("problem");
  }
  mark(control, "aria-invalid", problem ? "true" : "");
  mark(control, "aria-describedby", problem ? place.id : "");
}

export function clock(date = new Date()) {
  return date.toLocaleTimeString([], { hour12: false });
}
