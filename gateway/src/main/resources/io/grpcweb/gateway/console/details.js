// The details of an error (google/rpc/error_details.proto), and heads as tables.
import { el } from "./dom.js";
import { shortName } from "./schema.js";

export function detail(text) {
  const { "@type": type = "", ...rest } = JSON.parse(text);
  const name = shortName(type.slice(type.lastIndexOf("/") + 1));
  const lines = LINES[name]?.(rest);
  return el(
    "section",
    { class: "detail" },
    el("h3", { title: type }, name || "detail"),
    lines?.length ? el("ul", {}, ...lines.map((line) => el("li", {}, line))) : el("pre", {}, JSON.stringify(rest, null, 2)),
  );
}

const LINES = {
  BadRequest: (one) => one.fieldViolations?.map((field) => `${field.field}: ${field.description}`),
  PreconditionFailure: (one) => one.violations?.map((each) => `${each.type} ${each.subject}: ${each.description}`),
  QuotaFailure: (one) => one.violations?.map((each) => `${each.subject}: ${each.description}`),
  RetryInfo: (one) => [`Try again after ${one.retryDelay ?? "0s"}.`],
  LocalizedMessage: (one) => [`${one.message} (${one.locale})`],
  Help: (one) => one.links?.map((link) => `${link.description}: ${link.url}`),
};

export function fields(title, pairs) {
  return el(
    "details",
    { class: "headers" },
    el("summary", {}, `${title} (${pairs.length})`),
    el("table", {}, el("tbody", {}, ...pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value))))),
  );
}
