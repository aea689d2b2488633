// The clusters on the left, their services and methods.
import { button, el } from "./dom.js";
import { Schema, shape } from "./schema.js";

const SHAPES = { unary: "unary", "server stream": "↓ stream", "client stream": "↑ stream", "both ways": "↑↓ stream" };

export class Services {
  #gateway;
  #place;
  #filter;
  #choose;
  #known = new Map();
  #current = "";

  /** `choose` is told { cluster, schema, service, method }. */
  constructor(gateway, place, filter, choose) {
    this.#gateway = gateway;
    this.#place = place;
    this.#filter = filter;
    this.#choose = choose;
    filter.addEventListener("input", () => this.#narrow());
  }

  /** Asks which clusters there are; the first one is opened, others when somebody does so. */
  async load() {
    const { clusters } = await this.#gateway.ask("clusters");
    const before = new Set([...this.#place.querySelectorAll("details[open]")].map((one) => one.dataset.cluster));
    this.#place.replaceChildren(...clusters.map((cluster) => this.#cluster(cluster)));
    this.#place.querySelectorAll("details").forEach((one, index) => {
      one.open = before.has(one.dataset.cluster) || (before.size === 0 && index === 0);
    });
    if (clusters.length === 0) {
      this.#place.append(el("p", { class: "empty" }, "The gateway has no clusters."));
    }
  }

  /** What is known of a method, or null. */
  find(clusterName, path) {
    const known = this.#known.get(clusterName);
    for (const service of known?.schema.services ?? []) {
      for (const method of service.methods) {
        if (`/${service.name}/${method.name}` === path) {
          return { ...known, service, method };
        }
      }
    }
    return null;
  }

  mark(choice) {
    this.#current = `${choice.cluster.name}/${choice.service.name}/${choice.method.name}`;
    for (const one of this.#place.querySelectorAll("button[data-method]")) {
      one.setAttribute("aria-current", String(one.dataset.method === this.#current));
    }
  }

  #cluster(cluster) {
    const body = el("div", { "aria-live": "polite" });
    const where = cluster.endpoints.join(", ") || "no endpoints";
    const whole = el(
      "details",
      { class: "cluster", "data-cluster": cluster.name, toggle: () => whole.open && this.#describe(cluster, body) },
      el("summary", {}, cluster.name),
      el("p", { class: "where" }, cluster.tls ? `${where}, TLS` : where),
      body,
    );
    return whole;
  }

  async #describe(cluster, body) {
    if (body.childElementCount === 0) {
      body.append(el("p", { class: "note" }, "Asking for the services …"));
    }
    const again = button("Load again", () => this.#describe(cluster, body), { class: "small" });
    try {
      const schema = new Schema(await this.#gateway.ask("describe", { cluster: cluster.name }));
      this.#known.set(cluster.name, { cluster, schema });
      const source = schema.source === "reflection" ? "By reflection." : `From the configuration's descriptors: ${schema.why}.`;
      body.replaceChildren(
        ...schema.services.map((service) => this.#service(cluster, schema, service)),
        el("p", { class: "note" }, source, " ", again),
      );
      this.#narrow();
    } catch (error) {
      body.replaceChildren(el("p", { class: "note bad" }, error.message), again);
    }
  }

  #service(cluster, schema, service) {
    const dot = service.name.lastIndexOf(".") + 1;
    return el(
      "div",
      { class: "service" },
      el("h2", {}, el("span", { class: "package" }, service.name.slice(0, dot)), service.name.slice(dot)),
      el("ul", {}, ...service.methods.map((method) => {
        const name = `${cluster.name}/${service.name}/${method.name}`;
        const press = () => this.#choose({ cluster, schema, service, method });
        const one = button(method.name, press, { "data-method": name, "aria-current": String(name === this.#current) });
        one.append(el("span", { class: "kind" }, SHAPES[shape(method)]));
        return el("li", {}, one);
      })),
    );
  }

  #narrow() {
    const wanted = this.#filter.value.trim().toLowerCase();
    for (const service of this.#place.querySelectorAll(".service")) {
      const whole = service.querySelector("h2").textContent.toLowerCase().includes(wanted);
      let some = false;
      for (const item of service.querySelectorAll("li")) {
        item.hidden = !whole && !item.textContent.toLowerCase().includes(wanted);
        some ||= !item.hidden;
      }
      service.hidden = !some;
    }
  }
}
