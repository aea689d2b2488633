// The calls of this tab, newest first. They outlive a reload, without their metadata, which may be secret, and their answers.
import { button, clock, el } from "./dom.js";

const MOST = 50;
const KEY = "console-history";

export class History {
  #list;
  #open;
  #entries = [];

  /** `open` is told the entry that somebody chooses. */
  constructor(list, clear, open) {
    this.#list = list;
    this.#open = open;
    clear.addEventListener("click", () => {
      this.#entries = this.#entries.filter((entry) => entry.call?.isRunning);
      this.#store();
      this.#show();
    });
    try {
      this.#entries = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    } catch {
      this.#entries = [];
    }
    this.#show();
  }

  add(call) {
    const { choice, request } = call;
    this.#entries.unshift({
      at: clock(call.at),
      cluster: choice.cluster.name,
      path: `/${choice.service.name}/${choice.method.name}`,
      message: request.message,
      deadline: request.deadline,
      state: call.state,
      call,
    });
    this.#entries.length = Math.min(this.#entries.length, MOST);
    this.changed();
  }

  changed() {
    for (const entry of this.#entries) {
      entry.state = entry.call?.state ?? entry.state;
    }
    this.#store();
    this.#show();
  }

  #store() {
    const plain = this.#entries.map(({ call, ...rest }) => ({ ...rest, state: call?.isRunning ? "lost" : rest.state }));
    try {
      sessionStorage.setItem(KEY, JSON.stringify(plain));
    } catch {
      sessionStorage.removeItem(KEY); // too large: it lasts as long as the page
    }
  }

  #show() {
    this.#list.replaceChildren(
      ...this.#entries.map((entry) => {
        const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
        const one = button(name, () => this.#open(entry));
        one.append(
          " ",
          el("span", { class: "code", "data-code": entry.state }, entry.state),
          el("br"),
          el("span", { class: "when" }, `${entry.at}, ${entry.cluster}`),
        );
        return el("li", {}, one);
      }),
    );
  }
}
