// The way to the gateway: one WebSocket. A question has one answer; a call has many events. Both bear an id.
const SUBPROTOCOL = "gateway-console";
const AGAIN_MS = 2000;

export class Gateway {
  #socket = null;
  #last = 0;
  #waiting = new Map();
  #token = document.querySelector("meta[name=console-token]").content;
  #onState;

  /** `onState` hears "waiting", "open" and "closed". */
  constructor(onState) {
    this.#onState = onState;
  }

  open() {
    this.#onState("waiting");
    const address = new URL("/console/socket", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address, [SUBPROTOCOL, this.#token]);
    socket.onopen = () => {
      this.#socket = socket;
      this.#onState("open");
    };
    socket.onmessage = (message) => this.#hear(JSON.parse(message.data));
    socket.onclose = () => this.#closed();
  }

  /** Asks something and waits for the answer; fails with the reason where it is refused. */
  ask(verb, texts = {}) {
    return new Promise((resolve, reject) => {
      const id = this.#begin((event) => {
        this.#waiting.delete(id);
        if (event.is === "refused") {
          reject(new Error(event.reason));
        } else {
          resolve(event);
        }
      });
      this.#say(id, verb, texts);
    });
  }

  /** Begins a call; `hear` is told all its events. Returns what can be done with it. */
  call(texts, hear) {
    const id = this.#begin((event) => {
      if (event.is === "end" || (event.is === "refused" && !event.opened)) {
        this.#waiting.delete(id);
      }
      hear(event);
    });
    this.#say(id, "call", texts);
    return {
      send: (message) => this.#say(id, "send", { message }),
      end: () => this.#say(id, "end"),
      cancel: () => this.#say(id, "cancel"),
    };
  }

  #begin(hear) {
    this.#last += 1;
    this.#waiting.set(this.#last, { hear, opened: false });
    return this.#last;
  }

  #say(id, verb, texts) {
    if (this.#socket) {
      this.#socket.send(JSON.stringify({ id, do: verb, ...texts }));
    } else {
      this.#hear({ id, is: "refused", reason: "the gateway cannot be reached" });
    }
  }

  #hear(event) {
    const one = this.#waiting.get(event.id);
    if (one) {
      one.opened ||= event.is === "opened";
      one.hear({ ...event, opened: one.opened });
    }
  }

  #closed() {
    this.#socket = null;
    this.#onState("closed");
    const lost = [...this.#waiting.entries()];
    this.#waiting.clear();
    for (const [id, one] of lost) {
      const reason = "the connection to the gateway is lost";
      one.hear(
        one.opened
          ? { id, is: "end", code: 14, name: "UNAVAILABLE", message: reason, details: [] }
          : { id, is: "refused", reason },
      );
    }
    setTimeout(() => this.#again(), AGAIN_MS);
  }

  /** Each socket needs a new secret, which stands in the page. */
  async #again() {
    try {
      const page = await (await fetch("/console")).text();
      const found = new DOMParser().parseFromString(page, "text/html").querySelector("meta[name=console-token]");
      this.#token = found.content;
      this.open();
    } catch {
      setTimeout(() => this.#again(), AGAIN_MS);
    }
  }
}
