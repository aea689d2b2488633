import { create } from "@bufbuild/protobuf";
import { CreateOrderRequestSchema, type Order } from "./gen/order/order_pb";
import type { Choice } from "./choice";
import { byId, el, instanceChip, itemsInWords, money, say, statusChip } from "./dom";
import { Failure } from "./failure";
import { failureCard } from "./failure-card";

/** The form that places an order, and the ticket that comes back. */
export function placePanel(choice: Choice): void {
  const form = byId<HTMLFormElement>("place-form");
  const product = byId<HTMLSelectElement>("product");
  const quantity = byId<HTMLInputElement>("quantity");
  const line = byId("place-state");
  const result = byId("place-result");

  const price = () => Number(product.selectedOptions[0]?.dataset["price"] ?? 0);
  const showTotal = () => (byId("place-total").textContent = money(price() * (quantity.valueAsNumber || 0)));
  form.addEventListener("input", showTotal);
  showTotal();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const started = performance.now();
    let instance = "";
    say(line, "running", "Placing the order…");
    try {
      const order = await choice.desk().createOrder(
        create(CreateOrderRequestSchema, {
          customerId: byId<HTMLInputElement>("customer").value,
          items: [{ productId: product.value, quantity: quantity.valueAsNumber || 0, unitPrice: price() }],
        }),
        { answeredBy: (name) => (instance = name) },
      );
      const tookMs = Math.round(performance.now() - started);
      say(line, "done", "Taken by ", instanceChip(instance || "unknown"), ` in ${tookMs} ms.`);
      result.replaceChildren(ticket(order));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(line, "failed", "The desk did not take it.");
      result.replaceChildren(failureCard(error, Math.round(performance.now() - started)));
    }
  });
}

function ticket(order: Order): HTMLElement {
  return el(
    "article",
    { class: "ticket" },
    el("header", {}, el("strong", { class: "id" }, order.id), statusChip(order.status)),
    el("p", {}, `${itemsInWords(order)} for ${order.customerId}`),
    el("p", { class: "total" }, money(order.total)),
  );
}
