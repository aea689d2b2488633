import type { CallOptions, Desk } from "./desk";
import { Failure } from "./failure";

/** One call that has ended. */
export interface CallRecord {
  method: string;
  client: string;
  status: string;
  instance: string | undefined;
  tookMs: number;
}

/** Makes a record of each call of a client when it ends. */
export function recorder(client: string, record: (call: CallRecord) => void) {
  /** Starts the record of one call; the result is told the call's status at its end. */
  function begin(method: string, options: CallOptions = {}) {
    const started = performance.now();
    let instance: string | undefined;
    const answeredBy = (name: string) => {
      instance = name;
      options.answeredBy?.(name);
    };
    const end = (status: string) =>
      record({ method, client, status, instance, tookMs: Math.round(performance.now() - started) });
    return { options: { ...options, answeredBy }, end };
  }

  async function unary<T>(method: string, options: CallOptions | undefined, call: (options: CallOptions) => Promise<T>) {
    const { options: watched, end } = begin(method, options);
    try {
      const answer = await call(watched);
      end("OK");
      return answer;
    } catch (error) {
      end(code(error));
      throw error;
    }
  }

  async function* streamed<T>(
    method: string,
    options: CallOptions | undefined,
    call: (options: CallOptions) => AsyncIterable<T>,
  ) {
    const { options: watched, end } = begin(method, options);
    let status = "CANCELLED"; // what it is when the reader leaves the loop
    try {
      yield* call(watched);
      status = "OK";
    } catch (error) {
      status = code(error);
      throw error;
    } finally {
      end(status);
    }
  }

  return { unary, streamed };
}

/** The same desk, with a record of each call when it ends. */
export function recorded(desk: Desk, client: string, record: (call: CallRecord) => void): Desk {
  const { unary, streamed } = recorder(client, record);
  return {
    createOrder: (request, options) => unary("CreateOrder", options, (o) => desk.createOrder(request, o)),
    getOrder: (request, options) => unary("GetOrder", options, (o) => desk.getOrder(request, o)),
    listOrders: (request, options) => streamed("ListOrders", options, (o) => desk.listOrders(request, o)),
    watchOrders: (request, options) => streamed("WatchOrders", options, (o) => desk.watchOrders(request, o)),
  };
}

function code(error: unknown): string {
  return error instanceof Failure ? error.code : "UNKNOWN";
}
