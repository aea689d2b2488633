import { isMessage, type Message } from "@bufbuild/protobuf";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/google/rpc/error_details_pb";
import { el, instanceChip } from "./dom";
import type { Failure } from "./failure";

/** A failure for people: code, message, decoded details, and who answered. */
export function failureCard(failure: Failure, tookMs: number): HTMLElement {
  return el(
    "article",
    { class: "failure", "data-code": failure.code },
    el("header", {}, el("strong", { class: "code" }, failure.code), el("span", { class: "took" }, `${tookMs} ms`)),
    el("p", {}, failure.message || "No message came with it."),
    ...failure.details.map(detail),
    el(
      "footer",
      {},
      ...(failure.instance
        ? ["Answered by ", instanceChip(failure.instance)]
        : ["No backend's name came with it: the call ended here or at the gateway."]),
    ),
  );
}

function detail(message: Message): HTMLElement {
  if (isMessage(message, BadRequestSchema)) {
    return rows(
      message.$typeName,
      message.fieldViolations.map(({ field, description }) => [field, description]),
    );
  }
  if (isMessage(message, ErrorInfoSchema)) {
    return rows(message.$typeName, [
      ["reason", message.reason],
      ["domain", message.domain],
      ...Object.entries(message.metadata).map(([key, value]): [string, string] => [`metadata.${key}`, value]),
    ]);
  }
  return rows(message.$typeName, []);
}

function rows(typeName: string, pairs: [string, string][]): HTMLElement {
  return el(
    "section",
    { class: "detail", "data-type": typeName },
    el("h4", {}, typeName),
    el("dl", {}, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
  );
}
