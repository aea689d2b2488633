import { create } from "@bufbuild/protobuf";
import { ListOrdersRequestSchema, type Order } from "./gen/order/order_pb";
import type { Choice } from "./choice";
import { byId, el, instanceChip, itemsInWords, money, say, statusChip } from "./dom";
import { Failure } from "./failure";

const SLOW_MS = 600;

/** The orders, streamed: all at once, or slowly enough to cancel. */
export function listPanel(choice: Choice): void {
  const body = byId("orders-body");
  const line = byId("list-state");
  const cancel = byId<HTMLButtonElement>("list-cancel");
  const starts = [byId<HTMLButtonElement>("list-start"), byId<HTMLButtonElement>("list-slow")];

  async function list(intervalMs: number): Promise<void> {
    const abort = new AbortController();
    const started = performance.now();
    let instance = "";
    let count = 0;
    const running = (on: boolean) => {
      starts.forEach((button) => (button.disabled = on));
      cancel.disabled = !on;
      cancel.onclick = on ? () => abort.abort() : null;
    };
    // Until the trailers come, the name is known only when the gateway exposes x-instance among the headers.
    const by = () => (instance ? [" from ", instanceChip(instance)] : []);
    running(true);
    body.replaceChildren();
    say(line, "running", "Asking for the orders…");
    try {
      const request = create(ListOrdersRequestSchema, { intervalMs });
      const options = { signal: abort.signal, answeredBy: (name: string) => (instance = name) };
      for await (const order of choice.desk().listOrders(request, options)) {
        body.prepend(row(order));
        count++;
        say(line, "running", `${orders(count)} so far`, ...by(), "…");
      }
      say(line, "done", orders(count), ...by(), ` in ${Math.round(performance.now() - started)} ms.`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (abort.signal.aborted) say(line, "cancelled", `You cancelled it after ${orders(count)}.`);
      else say(line, "failed", `${error.code}: ${error.message}`);
    } finally {
      running(false);
    }
  }

  starts[0]!.addEventListener("click", () => void list(0));
  starts[1]!.addEventListener("click", () => void list(SLOW_MS));
}

function orders(count: number): string {
  return count === 1 ? "1 order" : `${count} orders`;
}

function row(order: Order): HTMLElement {
  return el(
    "tr",
    {},
    el("td", { class: "id" }, order.id),
    el("td", {}, order.customerId),
    el("td", { class: "items" }, itemsInWords(order)),
    el("td", { class: "number" }, money(order.total)),
    el("td", {}, statusChip(order.status)),
  );
}
