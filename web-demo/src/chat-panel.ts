import { create } from "@bufbuild/protobuf";
import { orderChat } from "./chat-call";
import { byId, el, instanceChip, say } from "./dom";
import { Failure } from "./failure";
import { ChatMessageSchema, type ChatMessage } from "./gen/order/order_pb";
import { Outbox } from "./outbox";
import { recorder, type CallRecord } from "./recorded";

const LINES_KEPT = 50;

/** One call for as long as the conversation lasts: the first message opens it, and hanging up lets the backend end it. */
export function chatPanel(gateway: string, record: (call: CallRecord) => void): void {
  const form = byId<HTMLFormElement>("chat-form");
  const text = byId<HTMLInputElement>("chat-text");
  const hangUp = byId<HTMLButtonElement>("chat-end");
  const lines = byId("chat-lines");
  const state = byId("chat-state");
  const { streamed } = recorder("nice-grpc-web", record);
  let outbox: Outbox<ChatMessage> | undefined;

  function show(whose: "mine" | "theirs", author: Node | string, words: string): void {
    lines.append(el("li", { class: whose }, el("span", { class: "author" }, author), el("p", {}, words)));
    while (lines.children.length > LINES_KEPT) lines.firstChild!.remove();
    lines.scrollTop = lines.scrollHeight;
  }

  async function talk(sent: Outbox<ChatMessage>): Promise<void> {
    let answers = 0;
    let instance = "";
    say(state, "running", "Opening the WebSocket…");
    hangUp.disabled = false;
    try {
      const call = streamed("OrderChat", { answeredBy: (name) => (instance = name) }, (options) => orderChat(gateway, sent, options));
      for await (const message of call) {
        answers++;
        show("theirs", instanceChip(message.author), message.text);
        say(state, "running", "Live with ", instanceChip(instance || message.author), ` · ${answers} ${answers === 1 ? "answer" : "answers"}`);
      }
      say(state, "done", `You hung up, and the backend ended the call after ${answers} ${answers === 1 ? "answer" : "answers"}.`);
    } catch (error) {
      say(state, "failed", error instanceof Failure ? `${error.code}: ${error.message}` : `The WebSocket failed: ${String(error)}`);
    } finally {
      outbox = undefined;
      hangUp.disabled = true;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    const fresh = !outbox;
    outbox ??= new Outbox();
    outbox.send(create(ChatMessageSchema, { author: "you", text: words }));
    show("mine", "you", words);
    text.value = "";
    if (fresh) void talk(outbox);
  });
  hangUp.addEventListener("click", () => outbox?.close());
}
