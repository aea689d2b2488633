import { fromBinary, toBinary, type DescMethod, type MessageShape } from "@bufbuild/protobuf";
import { GrpcWebClientBase, MethodDescriptor, MethodType, RpcError, StatusCode, type ClientReadableStream, type Metadata } from "grpc-web";
import { OrderService } from "./gen/order/order_pb";
import { once, type CallOptions, type Desk } from "./desk";
import { Failure } from "./failure";

/** The desk through the official runtime: XMLHttpRequest, `binary` or `text` frames, messages by protobuf-es. */
export function grpcWebDesk(gateway: string, format: "binary" | "text"): Desk {
  const client = new GrpcWebClientBase({ format });
  const { createOrder, getOrder, listOrders, watchOrders } = OrderService.method;

  function unary<M extends DescMethod>(method: M, request: MessageShape<M["input"]>, options: CallOptions = {}) {
    return new Promise<MessageShape<M["output"]>>((resolve, reject) => {
      const tell = once(options.answeredBy);
      const answered = (error: RpcError | null, message: MessageShape<M["output"]>) => {
        if (!error) return resolve(message);
        tell(error.metadata["x-instance"]);
        reject(failure(error));
      };
      const call = client.rpcCall(url(gateway, method), request, metadata(options), descriptor(method), answered);
      follow(call, tell, options, reject);
    });
  }

  async function* streamed<M extends DescMethod>(method: M, request: MessageShape<M["input"]>, options: CallOptions = {}) {
    const tell = once(options.answeredBy);
    const arrived: MessageShape<M["output"]>[] = [];
    let ended: true | Failure | undefined;
    let wake = () => {};
    const end = (how: true | Failure) => {
      ended ??= how;
      wake();
    };
    const call = client.serverStreaming(url(gateway, method), request, metadata(options), descriptor(method));
    call.on("data", (message) => {
      arrived.push(message);
      wake();
    });
    call.on("error", (error) => {
      tell(error.metadata["x-instance"]);
      end(failure(error));
    });
    call.on("end", () => end(true));
    follow(call, tell, options, end);
    try {
      for (;;) {
        while (arrived.length > 0) yield arrived.shift()!;
        if (ended === true) return;
        if (ended) throw ended;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      call.cancel();
    }
  }

  return {
    createOrder: (request, options) => unary(createOrder, request, options),
    getOrder: (request, options) => unary(getOrder, request, options),
    listOrders: (request, options) => streamed(listOrders, request, options),
    watchOrders: (request, options) => streamed(watchOrders, request, options),
  };
}

/** Headers come as "metadata", trailers with "status"; a cancelled call says nothing more, so the signal speaks. */
function follow<T>(
  call: ClientReadableStream<T>,
  tell: (instance?: string) => void,
  options: CallOptions,
  end: (failure: Failure) => void,
): void {
  call.on("metadata", (headers) => tell(headers["x-instance"]));
  call.on("status", (status) => tell(status.metadata?.["x-instance"]));
  options.signal?.addEventListener("abort", () => {
    call.cancel();
    end(new Failure(StatusCode.CANCELLED, "the call was cancelled here", undefined, undefined));
  });
}

function failure(error: RpcError): Failure {
  return new Failure(
    error.code,
    error.message,
    error.metadata["grpc-status-details-bin"],
    error.metadata["x-instance"],
  );
}

/** The runtime turns the key "deadline", a point in time, into grpc-timeout. */
function metadata(options: CallOptions): Metadata {
  const metadata: Metadata = {};
  if (options.timeoutMs !== undefined) metadata["deadline"] = String(Date.now() + options.timeoutMs);
  if (options.token) metadata["authorization"] = `Bearer ${options.token}`;
  return metadata;
}

function url(gateway: string, method: DescMethod): string {
  return `${gateway}/${method.parent.typeName}/${method.name}`;
}

/** The runtime only passes messages through, so the classes that it asks for may be any. */
function descriptor<M extends DescMethod>(method: M) {
  return new MethodDescriptor<MessageShape<M["input"]>, MessageShape<M["output"]>>(
    `/${method.parent.typeName}/${method.name}`,
    method.methodKind === "unary" ? MethodType.UNARY : MethodType.SERVER_STREAMING,
    Object as never,
    Object as never,
    (message: MessageShape<M["input"]>) => toBinary(method.input, message),
    (bytes: Uint8Array) => fromBinary(method.output, bytes),
  );
}
