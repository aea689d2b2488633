import "@fontsource/ibm-plex-sans/latin-400.css";
import "@fontsource/ibm-plex-sans/latin-500.css";
import "@fontsource/ibm-plex-sans/latin-600.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "@fontsource/ibm-plex-mono/latin-500.css";
import "./style.css";
import { chatPanel } from "./chat-panel";
import { Choice } from "./choice";
import { byId, el, instanceChip } from "./dom";
import { listPanel } from "./list-panel";
import { placePanel } from "./place-panel";
import type { CallRecord } from "./recorded";
import { staffPanel } from "./staff-panel";
import { troublePanel } from "./trouble-panel";
import { watchPanel } from "./watch-panel";

const CALLS_SHOWN = 8;

function showCall(call: CallRecord): void {
  const body = byId("calls-body");
  body.prepend(
    el(
      "tr",
      { "data-code": call.status },
      el("td", {}, call.method),
      el("td", {}, call.client),
      el("td", { class: "code" }, call.status),
      el("td", {}, call.instance ? instanceChip(call.instance) : "–"),
      el("td", { class: "number" }, `${call.tookMs} ms`),
    ),
  );
  while (body.children.length > CALLS_SHOWN) body.lastChild!.remove();
}

/** The server of the page says where the gateway is; `VITE_GATEWAY=http://... npm run dev` says it to Vite's. */
async function gatewayAddress(): Promise<string> {
  const told: unknown = import.meta.env["VITE_GATEWAY"];
  if (typeof told === "string") return told;
  const config = (await (await fetch("config.json")).json()) as { gateway: string };
  return config.gateway;
}

const gateway = await gatewayAddress();
byId("gateway").textContent = gateway;
let settleWatch = () => {};
const choice = new Choice(gateway, showCall, () => settleWatch());
settleWatch = watchPanel(() => choice);
settleWatch();
placePanel(choice);
listPanel(choice);
troublePanel(choice);
staffPanel(choice);
chatPanel(gateway, showCall);
document.documentElement.dataset["ready"] = "";
