import { connectDesk } from "./connect-desk";
import { byId } from "./dom";
import { grpcWebDesk } from "./grpc-web-desk";
import type { Desk } from "./desk";
import { recorded, type CallRecord } from "./recorded";

const notes: Record<string, string> = {
  "connect binary": "connect-web uses fetch: binary frames, read as they arrive.",
  "connect json": "connect-web's default transport: the Connect protocol with JSON, which the gateway turns into protobuf.",
  "grpc-web binary":
    "The official runtime reads a binary answer only when it is complete: lists arrive at their end, and a watch, which has none, needs text.",
  "grpc-web text": "Frames in base64, so that the official runtime can read a stream while it runs.",
};

/** Which client runtime and format the page's calls use; the next call takes what is chosen then. */
export class Choice {
  constructor(
    private readonly gateway: string,
    private readonly record: (call: CallRecord) => void,
    private readonly changed: () => void,
  ) {
    byId("choice").addEventListener("change", () => this.settle());
    this.settle();
  }

  /** The desk at the gateway, or below a path of it. */
  desk(path = ""): Desk {
    const client = this.client();
    const format = this.format();
    const gateway = this.gateway + path;
    const desk =
      client === "connect"
        ? connectDesk(gateway, format === "json" ? "json" : "binary")
        : grpcWebDesk(gateway, format === "text" ? "text" : "binary");
    return recorded(desk, `${client} ${format}`, this.record);
  }

  /** The official runtime cannot read a stream before its end in the binary format. */
  streams(): boolean {
    return this.client() === "connect" || this.format() === "text";
  }

  private settle(): void {
    const connect = this.client() === "connect";
    const [text, json] = [byId<HTMLInputElement>("format-text"), byId<HTMLInputElement>("format-json")];
    text.disabled = connect;
    json.disabled = !connect;
    if ((text.disabled && text.checked) || (json.disabled && json.checked)) {
      byId<HTMLInputElement>("format-binary").checked = true;
    }
    byId("choice-note").textContent = notes[`${this.client()} ${this.format()}`] ?? "";
    this.changed();
  }

  private client(): "connect" | "grpc-web" {
    return byId<HTMLInputElement>("client-connect").checked ? "connect" : "grpc-web";
  }

  private format(): "binary" | "text" | "json" {
    if (byId<HTMLInputElement>("format-json").checked) return "json";
    return byId<HTMLInputElement>("format-text").checked ? "text" : "binary";
  }
}
