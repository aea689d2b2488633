import { createClient, ConnectError, type CallOptions as ConnectOptions, type Client } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { OrderService } from "./gen/order/order_pb";
import { once, type CallOptions, type Desk } from "./desk";
import { detailTypes, Failure } from "./failure";

/** The desk through connect-web: fetch, streams as they come; gRPC-Web in binary frames, or its default, Connect with JSON. */
export function connectDesk(gateway: string, format: "binary" | "json"): Desk {
  const transport = format === "json" ? createConnectTransport({ baseUrl: gateway }) : createGrpcWebTransport({ baseUrl: gateway });
  const client: Client<typeof OrderService> = createClient(OrderService, transport);
  return {
    createOrder: (request, options) => unary(client.createOrder(request, connectOptions(options)), options),
    getOrder: (request, options) => unary(client.getOrder(request, connectOptions(options)), options),
    listOrders: (request, options) => streamed(client.listOrders(request, connectOptions(options)), options),
    watchOrders: (request, options) => streamed(client.watchOrders(request, connectOptions(options)), options),
  };
}

function connectOptions(options: CallOptions = {}): ConnectOptions {
  const tell = once(options.answeredBy);
  const result: ConnectOptions = {
    onHeader: (headers) => tell(headers.get("x-instance")),
    onTrailer: (trailers) => tell(trailers.get("x-instance")),
  };
  if (options.timeoutMs !== undefined) result.timeoutMs = options.timeoutMs;
  if (options.signal) result.signal = options.signal;
  if (options.token) result.headers = { authorization: `Bearer ${options.token}` };
  return result;
}

async function unary<T>(call: Promise<T>, options?: CallOptions): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw failure(error, options);
  }
}

async function* streamed<T>(call: AsyncIterable<T>, options?: CallOptions): AsyncGenerator<T> {
  try {
    yield* call;
  } catch (error) {
    throw failure(error, options);
  }
}

/** A ConnectError's metadata are the headers and trailers of the answer together. */
function failure(error: unknown, options?: CallOptions): Failure {
  const problem = ConnectError.from(error);
  const instance = problem.metadata.get("x-instance")?.split(",")[0] ?? undefined;
  once(options?.answeredBy)(instance);
  return new Failure(problem.code, problem.rawMessage, problem.findDetails(detailTypes), instance);
}
