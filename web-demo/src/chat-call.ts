import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ClientError, createChannel, createClient, WebsocketTransport } from "nice-grpc-web";
import { ChatMessageSchema, OrderService, type ChatMessage } from "./gen/order/order_pb";
import { once, type CallOptions } from "./desk";
import { Failure } from "./failure";

const CANCELLED = 1;
const serialize = (message: ChatMessage) => toBinary(ChatMessageSchema, message);
const deserialize = (bytes: Uint8Array) => fromBinary(ChatMessageSchema, bytes);
const service = {
  orderChat: {
    path: `/${OrderService.typeName}/${OrderService.method.orderChat.name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
    options: {},
  },
} as const;

/** OrderChat through nice-grpc-web: messages both ways while the call lasts, which takes a WebSocket in a browser. */
export async function* orderChat(
  gateway: string,
  messages: AsyncIterable<ChatMessage>,
  options: CallOptions = {},
): AsyncGenerator<ChatMessage> {
  const client = createClient(service, createChannel(gateway, WebsocketTransport()));
  const tell = once(options.answeredBy);
  try {
    yield* client.orderChat(messages, {
      ...(options.signal && { signal: options.signal }),
      onHeader: (header) => tell(header.get("x-instance")),
      onTrailer: (trailer) => tell(trailer.get("x-instance")),
    });
  } catch (error) {
    if (error instanceof ClientError) throw new Failure(error.code, error.details, undefined, undefined);
    if (options.signal?.aborted) throw new Failure(CANCELLED, "the caller hung up", undefined, undefined);
    throw error;
  }
}
