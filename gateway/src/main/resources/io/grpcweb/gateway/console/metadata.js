// Metadata and the deadline of a call.
import { button, complain, el, fresh } from "./dom.js";

const NAME = /^[a-z0-9_.-]+$/;

/** Rows of names and values, a summary that counts them, and a field for the deadline. */
export function extras(given) {
  const rows = [];
  const list = el("div", { class: "list" });
  const summary = el("summary");
  const count = () => {
    const used = rows.filter((row) => row.name.value).length;
    summary.textContent = used ? `Metadata (${used})` : "Metadata";
  };
  const add = ([name, value]) => {
    const problem = el("span", { class: "problem" });
    const check = () => {
      const text = row.name.value.toLowerCase();
      const wrong = text !== "" && !NAME.test(text);
      complain(row.name, problem, wrong ? "Letters, digits, '-', '_' and '.' only." : "");
      count();
    };
    const row = {
      name: el("input", { type: "text", "aria-label": "Name of metadata", placeholder: "authorization", autocomplete: "off", input: check }),
      value: el("input", { type: "text", "aria-label": "Value of metadata", placeholder: "Bearer …", autocomplete: "off" }),
    };
    row.name.value = name;
    row.value.value = value;
    const remove = button("Remove", () => {
      rows.splice(rows.indexOf(row), 1);
      made.remove();
      count();
      plus.focus();
    }, { class: "small", "aria-label": "Remove this metadata" });
    const made = el("div", { class: "row" }, row.name, row.value, remove, problem);
    rows.push(row);
    list.append(made);
    count();
    return row;
  };
  const plus = button("Add metadata", () => add(["", ""]).name.focus(), { class: "small" });
  given.metadata.forEach(add);
  count();

  const id = fresh("deadline");
  const problem = el("span", { class: "problem" });
  const deadline = el("input", { id, type: "text", inputmode: "numeric", autocomplete: "off", placeholder: "none", input: () => {
    const wrong = deadline.value !== "" && !/^[1-9]\d{0,8}$/.test(deadline.value);
    complain(deadline, problem, wrong ? "A whole number of milliseconds, or nothing." : "");
  } });
  deadline.value = given.deadline;

  return {
    element: el(
      "div",
      { class: "extras" },
      el("details", { open: given.metadata.length > 0 }, summary, list, plus),
      el("div", { class: "deadline" }, el("label", { for: id }, "Deadline"), deadline, el("span", {}, "ms"), problem),
    ),
    /** Pairs of names and values. */
    metadata: () => rows.filter((row) => row.name.value).map((row) => [row.name.value.toLowerCase(), row.value.value]),
    deadline: () => deadline.value,
  };
}
