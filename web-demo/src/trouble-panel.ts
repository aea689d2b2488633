import { create } from "@bufbuild/protobuf";
import { CreateOrderRequestSchema, GetOrderRequestSchema } from "./gen/order/order_pb";
import type { Choice } from "./choice";
import type { Desk } from "./desk";
import { byId, say } from "./dom";
import { Failure } from "./failure";
import { failureCard } from "./failure-card";

const DEADLINE_MS = 1500;

/** Three ways to fail on purpose. */
export function troublePanel(choice: Choice): void {
  const line = byId("trouble-state");
  const result = byId("trouble-result");
  const fuse = byId("fuse");

  function provoke(button: string, words: string, call: (desk: Desk) => Promise<unknown>): void {
    const element = byId<HTMLButtonElement>(button);
    element.addEventListener("click", async () => {
      const started = performance.now();
      const buttons = [...document.querySelectorAll<HTMLButtonElement>("#trouble button")];
      buttons.forEach((each) => (each.disabled = true));
      result.replaceChildren();
      say(line, "running", words);
      try {
        await call(choice.desk());
        say(line, "done", "It succeeded, which was not the idea.");
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        say(line, "failed", "It failed, as it should.");
        result.replaceChildren(failureCard(error, Math.round(performance.now() - started)));
      } finally {
        buttons.forEach((each) => (each.disabled = false));
      }
    });
  }

  provoke("wrong-order", "Sending an order with three wrong fields…", (desk) =>
    desk.createOrder(
      create(CreateOrderRequestSchema, { items: [{ productId: "teapot", quantity: 0, unitPrice: -1 }] }),
    ),
  );
  provoke("unknown-order", "Asking for an order that nobody placed…", (desk) =>
    desk.getOrder(create(GetOrderRequestSchema, { id: "order-0" })),
  );
  provoke("deadline", "A minute's work, and a second and a half to do it in…", async (desk) => {
    fuse.style.animationDuration = `${DEADLINE_MS}ms`;
    fuse.dataset["lit"] = "";
    try {
      return await desk.getOrder(create(GetOrderRequestSchema, { id: "order-1001", delayMs: 60_000 }), {
        timeoutMs: DEADLINE_MS,
      });
    } finally {
      delete fuse.dataset["lit"];
    }
  });
}
