import { fromBinary, type Message } from "@bufbuild/protobuf";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import { createRegistry } from "@bufbuild/protobuf";
import { file_google_rpc_error_details } from "./gen/google/rpc/error_details_pb";
import { StatusSchema } from "./gen/google/rpc/status_pb";

export const detailTypes = createRegistry(file_google_rpc_error_details);

const codes = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
  "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
];

/** How a call failed, in the same words for both runtimes. */
export class Failure extends Error {
  readonly code: string;

  /** `details` are messages, or the base64 text of grpc-status-details-bin, when there was one. */
  constructor(
    code: number,
    message: string,
    details: readonly Message[] | string | null | undefined,
    readonly instance: string | undefined,
  ) {
    super(message);
    this.code = codes[code] ?? `CODE_${code}`;
    this.details = typeof details === "string" ? decodeDetails(details) : (details ?? []);
  }

  readonly details: readonly Message[];
}

/** The messages inside a google.rpc.Status; one of a type that this page does not know stays an Any. */
function decodeDetails(detailsBin: string): Message[] {
  const bytes = Uint8Array.from(atob(standardBase64(detailsBin)), (char) => char.charCodeAt(0));
  return fromBinary(StatusSchema, bytes).details.map((any: Any) => anyUnpack(any, detailTypes) ?? any);
}

/** gRPC writes base64 without padding, some servers in the URL alphabet; atob wants the standard one. */
function standardBase64(text: string): string {
  return text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
}
