import { connectDesk } from "./connect-desk";
import { byId } from "./dom";
import { grpcWebDesk } from "./grpc-web-desk";
import type { Desk } from "./desk";
import { recorded, type CallRecord } from "./recorded";

const notes: Record<string, string> = {
  "connect binary": "connect-web uses fetch: binary frames, read as they arrive.",
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
    const desk = client === "connect" ? connectDesk(gateway) : grpcWebDesk(gateway, format);
    return recorded(desk, `${client} ${format}`, this.record);
  }

  /** The official runtime cannot read a stream before its end in the binary format. */
  streams(): boolean {
    return this.client() === "connect" || this.format() === "text";
  }

  private settle(): void {
    const text = byId<HTMLInputElement>("format-text");
    text.disabled = this.client() === "connect";
    if (text.disabled) byId<HTMLInputElement>("format-binary").checked = true;
    byId("choice-note").textContent = notes[`${this.client()} ${this.format()}`] ?? "";
    this.changed();
  }

  private client(): "connect" | "grpc-web" {
    return byId<HTMLInputElement>("client-connect").checked ? "connect" : "grpc-web";
  }

  private format(): "binary" | "text" {
    return byId<HTMLInputElement>("format-text").checked ? "text" : "binary";
  }
}
