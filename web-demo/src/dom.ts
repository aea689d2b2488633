import { OrderStatus, type Order } from "./gen/order/order_pb";

/** The element of that id; the page is broken without it. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as E;
}

type Child = Node | string | false | undefined;

/** `el("p", { class: "note" }, "text", child)`. */
export function el(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

/** The name of a backend beside its colour. */
export function instanceChip(instance: string): HTMLElement {
  return el("span", { class: "instance", "data-instance": instance }, instance);
}

export function statusChip(status: OrderStatus): HTMLElement {
  const name = OrderStatus[status].toLowerCase();
  return el("span", { class: "status", "data-status": name }, name);
}

const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

export function money(amount: number): string {
  return euros.format(amount);
}

/** "2 × teapot, 1 × pencil". */
export function itemsInWords(order: Order): string {
  return order.items.map((item) => `${item.quantity} × ${item.productId}`).join(", ");
}

export type State = "idle" | "running" | "done" | "failed" | "cancelled";

/** Writes how a panel's call is doing; the state decides the colour, the words say it without one. */
export function say(line: HTMLElement, state: State, ...words: Child[]): void {
  line.dataset["state"] = state;
  line.replaceChildren(...words.filter((word): word is Node | string => !!word));
}
