import type { CreateOrderRequest, GetOrderRequest, ListOrdersRequest, Order, OrderEvent, WatchOrdersRequest } from "./gen/order/order_pb";

/** What a caller may say about one call, and hear about it before it ends. */
export interface CallOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Who calls: a token of the sign-in, sent as a bearer token. */
  token?: string;
  /** Called once, as soon as the answer's metadata name the backend: at the headers, else at the trailers. */
  answeredBy?: (instance: string) => void;
}

/** The order service as the page sees it, whichever client runtime speaks. Every call fails with a Failure. */
export interface Desk {
  createOrder(request: CreateOrderRequest, options?: CallOptions): Promise<Order>;
  getOrder(request: GetOrderRequest, options?: CallOptions): Promise<Order>;
  listOrders(request: ListOrdersRequest, options?: CallOptions): AsyncIterable<Order>;
  watchOrders(request: WatchOrdersRequest, options?: CallOptions): AsyncIterable<OrderEvent>;
}

/** Calls `then` for the first name only; headers and trailers both carry it. */
export function once(then: ((instance: string) => void) | undefined): (instance: string | null | undefined) => void {
  let told = false;
  return (instance) => {
    if (instance && !told) {
      told = true;
      then?.(instance);
    }
  };
}
