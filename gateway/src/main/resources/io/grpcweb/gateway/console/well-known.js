// Messages with a form of their own in JSON.
import { read, zero } from "./scalars.js";

const PREFIX = "google.protobuf.";
const WRAPPED = {
  BoolValue: "bool",
  Int32Value: "int32",
  UInt32Value: "uint32",
  Int64Value: "int64",
  UInt64Value: "uint64",
  FloatValue: "float",
  DoubleValue: "double",
  StringValue: "string",
  BytesValue: "bytes",
};

const TEXTS = {
  Timestamp: {
    hint: "2026-01-31T12:00:00Z",
    pattern: /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/,
    problem: "A time is wanted, such as 2026-01-31T12:00:00Z.",
  },
  Duration: { hint: "1.5s", pattern: /^-?\d+(\.\d{1,9})?s$/, problem: "Seconds are wanted, such as 1.5s." },
  FieldMask: { hint: "user.displayName,photo", pattern: /^[\w.,]*$/, problem: "Paths are wanted, separated by commas." },
};

const TREES = {
  Struct: (value) => (isObject(value) ? "" : "A JSON object is wanted."),
  ListValue: (value) => (Array.isArray(value) ? "" : "A JSON array is wanted."),
  Any: (value) => (isObject(value) && typeof value["@type"] === "string" ? "" : 'A JSON object with "@type" is wanted.'),
  Value: () => "",
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const EMPTY = { Timestamp: "1970-01-01T00:00:00Z", Duration: "0s", FieldMask: "", Struct: {}, ListValue: [], Value: null };

/** What stands for a value that is there, and of which nothing is written yet. */
export function empty(type) {
  const name = type.slice(PREFIX.length);
  return structuredClone(name === "Any" ? {} : name in EMPTY ? EMPTY[name] : zero(WRAPPED[name]));
}

/** The scalar that a wrapper holds, or undefined. */
export const wrapped = (type) => WRAPPED[type.slice(PREFIX.length)];

/** A text, or a tree of JSON. */
export const isTree = (type) => type.slice(PREFIX.length) in TREES;

export function hint(type) {
  const name = type.slice(PREFIX.length);
  if (name in WRAPPED) {
    return undefined;
  }
  return TEXTS[name]?.hint ?? (name === "Any" ? '{ "@type": "type.googleapis.com/…" }' : name === "ListValue" ? "[ ]" : "{ }");
}

export function readWellKnown(type, text) {
  const name = type.slice(PREFIX.length);
  if (name in WRAPPED) {
    return read(WRAPPED[name], text);
  }
  if (name in TEXTS) {
    return TEXTS[name].pattern.test(text) ? { value: text } : { problem: TEXTS[name].problem };
  }
  try {
    const value = JSON.parse(text);
    const problem = TREES[name](value);
    return problem ? { problem } : { value };
  } catch (error) {
    return { problem: `This is no JSON: ${error.message}` };
  }
}
