// A call as a text for a shell or a program.
import { pathOf } from "./schema.js";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const lower = (name) => name[0].toLowerCase() + name.slice(1);

/** @param messages of the request, as JSON */
export function grpcurl({ cluster, schema, service, method }, { metadata, deadline }, messages) {
  const parts = ["grpcurl"];
  if (!cluster.tls) parts.push("-plaintext");
  if (schema.source !== "reflection") parts.push("-protoset DESCRIPTORS.binpb");
  if (deadline) parts.push(`-max-time ${Number(deadline) / 1000}`);
  metadata.forEach(([name, value]) => parts.push(`-H ${quoted(`${name}: ${value}`)}`));
  parts.push(`-d ${quoted(messages.join(" "))}`, cluster.endpoints[0] ?? "HOST:PORT", pathOf(service, method).slice(1));
  return parts.join(" \\\n  ");
}

/** @param frames the messages of the request in base64, without their prefixes */
export function curl(base, { service, method }, { metadata, deadline }, frames) {
  const parts = [
    `curl -sN ${base}${pathOf(service, method)}`,
    "-H 'content-type: application/grpc-web-text'",
    "-H 'accept: application/grpc-web-text'",
  ];
  if (deadline) parts.push(`-H 'grpc-timeout: ${deadline}m'`);
  metadata.forEach(([name, value]) => parts.push(`-H ${quoted(`${name}: ${value}`)}`));
  parts.push(`-d ${quoted(body(frames))}`);
  return `# Through the gateway, where a route leads to the method.\n${parts.join(" \\\n  ")} | base64 -d`;
}

/** Each message behind its flags and its length (gRPC's PROTOCOL-HTTP2), all of it in base64. */
function body(frames) {
  let bytes = "";
  for (const frame of frames) {
    const message = atob(frame);
    const length = [24, 16, 8, 0].map((shift) => String.fromCharCode((message.length >>> shift) & 255)).join("");
    bytes += `\0${length}${message}`;
  }
  return btoa(bytes);
}

export function connectWeb(base, { service, method }, { metadata, deadline }, messages) {
  const serviceName = service.name.slice(service.name.lastIndexOf(".") + 1);
  const input = `${method.input.slice(method.input.lastIndexOf(".") + 1)}Schema`;
  const module = service.file.slice(service.file.lastIndexOf("/") + 1).replace(/\.proto$/, "_pb");
  const options = [
    metadata.length ? `headers: ${JSON.stringify(Object.fromEntries(metadata))}` : "",
    deadline ? `timeoutMs: ${deadline}` : "",
  ].filter(Boolean);
  const given = options.length ? `, { ${options.join(", ")} }` : "";
  const each = messages.map((message) => `fromJson(${input}, ${message})`);
  const lines = [
    'import { fromJson } from "@bufbuild/protobuf";',
    'import { createClient } from "@connectrpc/connect";',
    'import { createGrpcWebTransport } from "@connectrpc/connect-web";',
    `import { ${serviceName}, ${input} } from "./gen/${module}"; // made by protoc-gen-es`,
    "",
    `const client = createClient(${serviceName}, createGrpcWebTransport({ baseUrl: ${JSON.stringify(base)} }));`,
  ];
  let argument = each[0];
  if (method.clientStreaming) {
    lines.push("", "// Browsers send a stream with fetch only over HTTP/2; nice-grpc-web has WebSockets for it.");
    lines.push("async function* requests() {", ...each.map((one) => `  yield ${one};`), "}", "");
    argument = "requests()";
  }
  const call = `client.${lower(method.name)}(${argument}${given})`;
  lines.push(method.serverStreaming ? `for await (const response of ${call}) {\n  console.log(response);\n}` : `console.log(await ${call});`);
  return lines.join("\n");
}
