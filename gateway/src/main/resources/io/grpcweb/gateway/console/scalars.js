// Texts that a person writes, as values of ProtoJSON, and the other way round. `read` gives { value } or { problem }.
const bad = (problem) => ({ problem });
const ok = (value) => ({ value });

const RANGES = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};
const SAME = { sint32: "int32", sfixed32: "int32", fixed32: "uint32", sint64: "int64", sfixed64: "int64", fixed64: "uint64" };

function integer(kind, text) {
  const name = SAME[kind] ?? kind;
  if (!/^-?\d+$/.test(text)) {
    return bad("A whole number is wanted.");
  }
  const [least, most] = RANGES[name];
  const number = BigInt(text);
  if (number < least || number > most) {
    return bad(`Between ${least} and ${most}.`);
  }
  return ok(name.endsWith("64") ? String(number) : Number(number));
}

function real(kind, text) {
  if (["NaN", "Infinity", "-Infinity"].includes(text)) {
    return ok(text);
  }
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    return bad("A number is wanted; NaN, Infinity and -Infinity are taken as well.");
  }
  if (kind === "float" && Math.abs(number) > 3.4028235677973366e38) {
    return bad("Too large for a float.");
  }
  return ok(number);
}

function base64(text) {
  const clean = text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(clean) || clean.length % 4 === 1) {
    return bad("Bytes are written in base64.");
  }
  return ok(text);
}

export function read(kind, text) {
  switch (kind) {
    case "string":
      return ok(text);
    case "bytes":
      return base64(text);
    case "bool":
      return text === "true" || text === "false" ? ok(text === "true") : bad("true or false is wanted.");
    case "float":
    case "double":
      return real(kind, text);
    default:
      return integer(kind, text);
  }
}

export const isNumber = (kind) => !["string", "bytes", "bool"].includes(kind);

/** The value of a scalar that was not written. */
export function zero(kind) {
  return { string: "", bytes: "", bool: false }[kind] ?? (kind.endsWith("64") ? "0" : 0);
}
