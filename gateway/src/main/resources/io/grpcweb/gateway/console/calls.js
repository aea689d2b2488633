// One call: from the first message to its status.
import { Answer } from "./answer.js";

export class Call {
  answer = new Answer();
  at = new Date();
  /** "running", or the name of the status. */
  state = "running";
  /** The messages that were sent, as JSON. */
  sent = [];
  requestEnded;
  #open;
  #changed;

  /**
   * Begins at once.
   *
   * @param choice { cluster, schema, service, method }
   * @param request { message, metadata, deadline }: no message opens the call only
   * @param changed is called after each change of state
   */
  constructor(gateway, choice, request, changed) {
    this.choice = choice;
    this.request = request;
    this.#changed = changed;
    this.requestEnded = !choice.method.clientStreaming;
    if (request.message !== undefined) {
      this.#note(request.message);
    }
    const texts = {
      cluster: choice.cluster.name,
      method: `/${choice.service.name}/${choice.method.name}`,
      metadata: request.metadata.flat(),
      end: this.requestEnded,
    };
    if (request.message !== undefined) texts.message = request.message;
    if (request.deadline) texts.deadline = request.deadline;
    this.#open = gateway.call(texts, (event) => this.#hear(event));
  }

  get isRunning() {
    return this.state === "running";
  }

  send(json) {
    this.#note(json);
    this.#open.send(json);
  }

  /** Half-closes. */
  end() {
    this.requestEnded = true;
    this.#open.end();
    this.#changed(this);
  }

  cancel() {
    this.#open.cancel();
  }

  #note(json) {
    this.sent.push(json);
    // A request of one message stands above already.
    if (this.choice.method.clientStreaming) this.answer.sent(json);
  }

  #hear(event) {
    if (event.is === "head") {
      this.answer.head(event);
    } else if (event.is === "message") {
      this.answer.message(event);
    } else if (event.is === "end") {
      this.state = event.name;
      this.answer.end(event);
      this.#changed(this);
    } else if (event.is === "refused" && event.opened) {
      this.answer.held(event.reason);
    } else if (event.is === "refused") {
      this.state = "NOT SENT";
      this.answer.refused(event.reason);
      this.#changed(this);
    }
  }
}
