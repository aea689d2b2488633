// What the gateway says of the services of a cluster.
const WELL_KNOWN = new Set(
  "Any Duration Timestamp FieldMask Struct Value ListValue BoolValue Int32Value UInt32Value Int64Value UInt64Value FloatValue DoubleValue StringValue BytesValue"
    .split(" ")
    .map((name) => `google.protobuf.${name}`),
);

export class Schema {
  constructor(described) {
    this.services = described.services;
    this.source = described.source;
    this.why = described.why;
    this.messages = described.messages;
    this.enums = described.enums;
  }

  fields(type) {
    return this.messages[type] ?? [];
  }

  values(type) {
    return this.enums[type] ?? [];
  }
}

export const isWellKnown = (type) => WELL_KNOWN.has(type);

export function shape(method) {
  if (method.clientStreaming) {
    return method.serverStreaming ? "both ways" : "client stream";
  }
  return method.serverStreaming ? "server stream" : "unary";
}

export const shortName = (type) => type.slice(type.lastIndexOf(".") + 1);

/** `"/package.Service/Method"` */
export const pathOf = (service, method) => `/${service.name}/${method.name}`;

/** What a field is, in the words of a proto file. */
export function typeText(schema, field) {
  if (field.kind === "map") {
    const [key, value] = schema.fields(field.type);
    return `map<${one(key)}, ${one(value)}>`;
  }
  return (field.repeated ? "repeated " : "") + one(field);
}

const one = (field) => (field.type ? shortName(field.type) : field.kind);
