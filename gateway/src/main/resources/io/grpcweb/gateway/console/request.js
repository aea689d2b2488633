// The request of the chosen method: form or JSON, metadata, deadline, and what can be done with it.
import { button, complain, el, fresh } from "./dom.js";
import { form } from "./form.js";
import { extras } from "./metadata.js";
import { shape, shortName } from "./schema.js";

const USUAL_DEADLINE = "30000";

export class RequestPanel {
  #section;
  #actions;
  #mayCall = false;
  #choice;
  #call = null;
  #value;
  #view;
  #editor;
  #extras;
  #buttons;

  /** `actions`: begin(choice, request), and copy(kind, choice, request). */
  constructor(section, actions) {
    this.#section = section;
    this.#actions = actions;
  }

  /** Shows a method, with a request of earlier where there is one, and the call that goes on where there is one. */
  show(choice, given, call = null) {
    this.#choice = choice;
    this.#call = call;
    this.#value = given?.message ? JSON.parse(given.message) : {};
    this.#view = "form";
    const isStream = choice.method.clientStreaming || choice.method.serverStreaming;
    this.#extras = extras({ metadata: given?.metadata ?? [], deadline: given?.deadline ?? (isStream ? "" : USUAL_DEADLINE) });
    this.#editor = el("div");
    this.#buttons = el("div", { class: "actions" });
    const { service, method } = choice;
    this.#section.replaceChildren(
      el(
        "div",
        { class: "title" },
        el("h2", { id: "method-name" }, method.name),
        el("span", { class: "badge" }, shape(method)),
        method.deprecated ? el("span", { class: "badge old" }, "deprecated") : null,
      ),
      el("p", { class: "signature mono" }, `${service.name} on ${choice.cluster.name}: ${shortName(method.input)} → ${shortName(method.output)}`),
      this.#views(),
      this.#editor,
      this.#extras.element,
      this.#buttons,
    );
    this.#section.hidden = false;
    this.#edit();
    this.update();
  }

  get call() {
    return this.#call;
  }

  /** Whether the person has said that this page may call. */
  permit(may) {
    this.#mayCall = may;
    if (this.#choice) this.update();
  }

  /** Follows the state of the call. */
  update() {
    const running = this.#call?.isRunning ?? false;
    const streams = this.#choice.method.clientStreaming;
    const off = !this.#mayCall;
    const focused = this.#buttons.contains(document.activeElement) ? document.activeElement.textContent : null;
    const parts = [];
    if (!running) {
      parts.push(button(streams ? "Open and send" : "Send", () => this.#begin(true), { class: "primary", disabled: off }));
      if (streams) parts.push(button("Open only", () => this.#begin(false), { disabled: off }));
    } else {
      if (streams) {
        const ended = this.#call.requestEnded;
        parts.push(button("Send message", () => this.#send(), { class: "primary", disabled: ended }));
        parts.push(button("End requests", () => this.#call.end(), { disabled: ended }));
      }
      parts.push(button("Cancel", () => this.#call.cancel()));
    }
    if (off) parts.push(el("span", { class: "hint" }, "This page only looks so far: see the top."));
    const copies = el("span", { class: "copies" }, "Copy as");
    for (const kind of ["grpcurl", "connect-web", "curl"]) {
      copies.append(button(kind, () => this.#copy(kind), { class: "small" }));
    }
    this.#buttons.replaceChildren(...parts, copies);
    if (focused !== null) {
      const buttons = [...this.#buttons.querySelectorAll("button")];
      (buttons.find((one) => one.textContent === focused && !one.disabled) ?? buttons.find((one) => !one.disabled))?.focus();
    }
  }

  #views() {
    const name = fresh("view");
    const one = (view, text) => {
      const pick = el("input", { type: "radio", name, value: view, change: () => this.#turn(view, pick) });
      pick.checked = view === this.#view;
      return el("label", {}, pick, text);
    };
    return el("div", { class: "views", role: "radiogroup", "aria-label": "How the message is written" }, one("form", "Form"), one("json", "JSON"));
  }

  #turn(view) {
    const message = this.#message();
    if (message === null) {
      this.#section.querySelector(`.views input[value="${this.#view}"]`).checked = true;
      return;
    }
    this.#value = JSON.parse(message);
    this.#view = view;
    this.#edit();
  }

  #edit() {
    if (this.#view === "form") {
      this.#editor.replaceChildren(form(this.#choice.schema, this.#choice.method.input, this.#value, () => {}));
      return;
    }
    const problem = el("span", { class: "problem" });
    const text = el("textarea", { "aria-label": "Message as JSON", rows: 12, spellcheck: "false", input: () => {
      try {
        const value = JSON.parse(text.value || "{}");
        complain(text, problem, typeof value === "object" && value !== null && !Array.isArray(value) ? "" : "A JSON object is wanted.");
      } catch (error) {
        complain(text, problem, `This is no JSON: ${error.message}`);
      }
    } });
    text.value = JSON.stringify(this.#value, null, 2);
    this.#editor.replaceChildren(text, problem);
  }

  /** The message as JSON; null where something of it is wrong, which gets the focus. */
  #message() {
    const wrong = this.#editor.querySelector('[aria-invalid="true"]');
    if (wrong) {
      wrong.focus();
      return null;
    }
    return this.#view === "form" ? JSON.stringify(this.#value) : this.#editor.querySelector("textarea").value || "{}";
  }

  #request(withMessage) {
    const message = this.#message();
    const wrong = this.#extras.element.querySelector('[aria-invalid="true"]');
    wrong?.focus();
    if (message === null || wrong) {
      return null;
    }
    return { message: withMessage ? message : undefined, metadata: this.#extras.metadata(), deadline: this.#extras.deadline() };
  }

  #begin(withMessage) {
    const request = this.#request(withMessage);
    if (request) {
      this.#call = this.#actions.begin(this.#choice, request);
      this.update();
    }
  }

  #send() {
    const message = this.#message();
    if (message !== null) this.#call.send(message);
  }

  #copy(kind) {
    const request = this.#request(true);
    if (request) this.#actions.copy(kind, this.#choice, request, this.#call?.sent ?? []);
  }
}
