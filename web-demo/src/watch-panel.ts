import { create } from "@bufbuild/protobuf";
import { CreateOrderRequestSchema, OrderEvent_Kind, WatchOrdersRequestSchema, type OrderEvent } from "./gen/order/order_pb";
import type { Choice } from "./choice";
import { byId, el, instanceChip, say, statusChip } from "./dom";
import { Failure } from "./failure";
import { Tally } from "./tally";

const FEED_LENGTH = 6;
const ORDER_EVERY_MS = 400;
const products = [
  { productId: "teapot", unitPrice: 34.5 },
  { productId: "notebook", unitPrice: 4.2 },
  { productId: "desk-lamp", unitPrice: 59.9 },
];

/** The open stream: events drawn as they come, until stopped. Returns what to do when the choice changes. */
export function watchPanel(choice: () => Choice): () => void {
  const start = byId<HTMLButtonElement>("watch-start");
  const stop = byId<HTMLButtonElement>("watch-stop");
  const line = byId("watch-state");
  const feed = byId("feed");
  const tally = new Tally(document.querySelector<SVGSVGElement>("#tally")!);
  let running: AbortController | undefined;

  const settle = () => {
    start.disabled = !!running || !choice().streams();
    stop.disabled = !running;
    if (!running && !choice().streams()) say(line, "idle", "This client cannot watch in binary. Choose text.");
    else if (!running && line.dataset["state"] === "idle") say(line, "idle", "Not watching.");
  };

  async function watch(): Promise<void> {
    const abort = (running = new AbortController());
    let events = 0;
    let instance = "";
    tally.clear();
    feed.replaceChildren();
    say(line, "running", "Opening the stream…");
    settle();
    const clock = setInterval(() => tally.tick(), 1000);
    const orders = setInterval(() => void placeOne(choice()), ORDER_EVERY_MS);
    try {
      const options = { signal: abort.signal, answeredBy: (name: string) => (instance = name) };
      for await (const event of choice().desk().watchOrders(create(WatchOrdersRequestSchema), options)) {
        if (event.kind !== OrderEvent_Kind.OPENED) {
          events++;
          tally.count(event.instance);
          feed.prepend(entry(event));
          while (feed.children.length > FEED_LENGTH) feed.lastChild!.remove();
        }
        say(line, "running", `Live through `, instanceChip(instance || event.instance), ` · ${events} events`);
      }
      say(line, "done", `The backend ended the stream after ${events} events.`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (abort.signal.aborted) say(line, "cancelled", `You stopped it after ${events} events.`);
      else say(line, "failed", `${error.code}: ${error.message}`);
    } finally {
      clearInterval(clock);
      clearInterval(orders);
      running = undefined;
      settle();
    }
  }

  start.addEventListener("click", () => void watch());
  stop.addEventListener("click", () => running?.abort());
  return settle;
}

/** Keeps the desk busy while somebody watches; the record of calls shows it when one fails. */
async function placeOne(choice: Choice): Promise<void> {
  if (!byId<HTMLInputElement>("keep-busy").checked) return;
  const product = products[Math.floor(Math.random() * products.length)]!;
  const items = [{ ...product, quantity: 1 + Math.floor(Math.random() * 4) }];
  try {
    await choice.desk().createOrder(create(CreateOrderRequestSchema, { customerId: "passer-by", items }), { timeoutMs: 5000 });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

function entry(event: OrderEvent): HTMLElement {
  return el(
    "li",
    {},
    el("span", { class: "id" }, event.order?.id ?? ""),
    event.order && statusChip(event.order.status),
    instanceChip(event.instance),
  );
}
