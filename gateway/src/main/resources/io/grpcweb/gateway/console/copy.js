// Shows a call as a text, and copies it.
import { button, el } from "./dom.js";
import { connectWeb, curl, grpcurl } from "./snippets.js";

const ANY_BASE = "http://127.0.0.1:8080";

export async function copy(gateway, dialog, kind, choice, request, sent) {
  const messages = choice.method.clientStreaming && sent.length ? sent : [request.message];
  let text;
  try {
    // The gateway checks the messages by the schema on the way.
    const frames = [];
    for (const message of messages) {
      const method = `/${choice.service.name}/${choice.method.name}`;
      frames.push((await gateway.ask("encode", { cluster: choice.cluster.name, method, message })).base64);
    }
    const base = (await gateway.ask("clusters")).listeners[0] ?? ANY_BASE;
    text =
      kind === "grpcurl" ? grpcurl(choice, request, messages)
      : kind === "curl" ? curl(base, choice, request, frames)
      : connectWeb(base, choice, request, messages);
  } catch (error) {
    text = error.message;
  }
  show(dialog, kind, text);
}

function show(dialog, kind, text) {
  const state = el("span", { role: "status" });
  const take = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(text);
      state.textContent = "Copied.";
    } catch {
      state.textContent = "The browser does not let this page copy: select the text.";
    }
  }, { class: "primary" });
  dialog.replaceChildren(
    el("h2", { id: "snippet-title" }, `As ${kind}`),
    el("pre", { tabindex: "0", "aria-label": `The call as ${kind}` }, text),
    el("div", { class: "actions" }, take, button("Close", () => dialog.close()), state),
  );
  dialog.showModal();
  take.focus();
}
