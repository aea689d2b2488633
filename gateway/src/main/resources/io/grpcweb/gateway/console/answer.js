// What comes of one call, shown while it comes.
import { el } from "./dom.js";
import { detail, fields } from "./details.js";

/** So many messages stay on the page. */
const MOST = 500;

export class Answer {
  #began = performance.now();
  #code = el("span", { class: "code" }, "RUNNING");
  #took = el("span", { class: "took" });
  #said = el("span", { class: "said" });
  #outcome = el("p", { class: "outcome", role: "status", "data-state": "running" }, this.#code, this.#took, this.#said);
  #leftOut = el("p", { class: "left-out" });
  #messages = el("ol", { class: "messages" });
  #log = el("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" }, this.#messages);
  #heads = el("div");
  #details = el("div");
  #gone = 0;
  #came = 0;

  element = el(
    "div",
    {},
    el("h2", { id: "answer-title" }, "Response"),
    this.#outcome,
    this.#details,
    this.#leftOut,
    this.#log,
    this.#heads,
  );

  sent(json) {
    this.#add("sent", JSON.stringify(JSON.parse(json), null, 2), "mine", "");
  }

  message(event) {
    this.#came += 1;
    const text = event.problem ? `${event.problem}\n${event.base64}` : JSON.stringify(JSON.parse(event.json), null, 2);
    this.#add(`received ${this.#came}`, text, "", `${event.bytes} bytes`);
    this.#took.textContent = this.#sum();
  }

  head(event) {
    this.#heads.append(fields("Headers", event.fields));
  }

  end(event) {
    if (event.fields) {
      this.#heads.append(fields("Trailers", event.fields));
    }
    this.#details.replaceChildren(...event.details.map(detail));
    const state = event.code === 0 ? "ok" : event.code === 1 ? "cancelled" : "failed";
    this.#close(state, event.code === 0 ? "OK" : `${event.name} (${event.code})`, event.message);
  }

  refused(reason) {
    this.#close("failed", "NOT SENT", reason);
  }

  /** Something that was not sent while the call goes on. */
  held(reason) {
    this.#said.textContent = reason;
  }

  #close(state, code, said) {
    this.#outcome.dataset.state = state;
    this.#code.textContent = code;
    this.#said.textContent = said;
    this.#took.textContent = this.#sum();
  }

  #sum() {
    const many = this.#came === 1 ? "1 message" : `${this.#came} messages`;
    return `${many}, ${this.#since()}`;
  }

  #since() {
    const ms = performance.now() - this.#began;
    return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  }

  #add(what, text, look, size) {
    const list = this.#messages;
    const log = this.#log;
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    list.append(
      el("li", { class: look }, el("div", { class: "about" }, el("span", {}, what), el("span", {}, this.#since()), el("span", {}, size)), el("pre", {}, text)),
    );
    if (list.childElementCount > MOST) {
      list.firstElementChild.remove();
      this.#gone += 1;
      this.#leftOut.textContent = `The first ${this.#gone} messages are not shown any more.`;
    }
    if (follows) {
      log.scrollTop = log.scrollHeight;
    }
  }
}
