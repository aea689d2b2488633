// The calls of others that the filter "recorder" keeps, with what their messages hold.
import { button, clock, el } from "./dom.js";
import { fields } from "./details.js";

export class Recordings {
  #gateway;
  #section;
  #list;
  #show;

  /** `show` is given the element of the call that somebody chooses. */
  constructor(gateway, section, list, show) {
    this.#gateway = gateway;
    this.#section = section;
    this.#list = list;
    this.#show = show;
  }

  /** The section is there where something records. */
  async load() {
    try {
      const { on, calls } = await this.#gateway.ask("recorded");
      this.#section.hidden = !on;
      this.#list.replaceChildren(...calls.map((call) => this.#entry(call)));
    } catch (error) {
      this.#list.replaceChildren(el("li", {}, el("p", {}, error.message)));
    }
  }

  #entry(call) {
    const one = button(call.path.slice(call.path.lastIndexOf("/") + 1), () => this.#open(call));
    one.append(
      " ",
      el("span", { class: "code", "data-code": call.name }, call.name),
      el("br"),
      el("span", { class: "when" }, `${clock(new Date(call.at))}, ${call.ms} ms, ${call.origin || call.format}`),
    );
    return el("li", {}, one);
  }

  async #open(call) {
    try {
      this.#show(whole(await this.#gateway.ask("recording", { number: call.number })));
    } catch (error) {
      this.#show(el("p", { role: "status" }, error.message));
    }
  }
}

function whole(call) {
  const state = call.code === 0 ? "ok" : call.code === 1 ? "cancelled" : "failed";
  const about = `${call.format}, HTTP ${call.http}, ${call.ms} ms, ${new Date(call.at).toLocaleString()}`;
  return el(
    "div",
    {},
    el("h2", { id: "answer-title" }, "Recorded call"),
    el("p", { class: "path" }, call.path),
    el(
      "p",
      { class: "outcome", role: "status", "data-state": state },
      el("span", { class: "code" }, call.code > 0 ? `${call.name} (${call.code})` : call.name),
      el("span", { class: "took" }, about),
      el("span", { class: "said" }, call.message),
    ),
    el("p", { class: "note" }, `From ${call.origin || "a program"} to ${call.cluster ? `the cluster ${call.cluster}` : "no cluster"}.`),
    el(
      "div",
      { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" },
      el("ol", { class: "messages" }, ...messages("sent", call.request, "mine"), ...messages("received", call.response, "")),
    ),
    fields("Request headers", call.fields),
  );
}

function messages(what, way, look) {
  const all = way.messages.map((message, at) =>
    el(
      "li",
      { class: look },
      el("div", { class: "about" }, el("span", {}, `${what} ${at + 1} of ${way.count}`), el("span", {}, `${message.bytes} bytes`)),
      el("pre", {}, message.problem ?? JSON.stringify(JSON.parse(message.json), null, 2)),
    ),
  );
  const left = way.count - way.messages.length;
  return left > 0 ? [...all, el("li", { class: look }, el("div", { class: "about" }, `${left} more were ${what} and are not kept`))] : all;
}
