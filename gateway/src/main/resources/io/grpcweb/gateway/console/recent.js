// What the gateway had to refuse or to fail of late, from its page /recent.
import { clock, el } from "./dom.js";

const MOST = 20;

export async function loadRecent(list) {
  let found;
  try {
    found = await (await fetch("/recent?format=json")).json();
  } catch (error) {
    list.replaceChildren(el("li", {}, el("p", {}, `/recent cannot be read: ${error.message}`)));
    return;
  }
  const rows = [
    ...found.errors.map((one) => [one.time, one.details || one.flags, one.reason || one.cluster]),
    ...found.cors_refusals.map((one) => [one.time, `CORS: ${one.origin}`, one.setting]),
  ];
  rows.sort((one, other) => other[0].localeCompare(one[0]));
  list.replaceChildren(
    ...rows.slice(0, MOST).map(([time, what, why]) =>
      el("li", {}, el("p", {}, el("span", { class: "when" }, clock(new Date(time))), " ", what, el("br"), el("span", { class: "when" }, why))),
    ),
  );
}
