import { create } from "@bufbuild/protobuf";
import { GetOrderRequestSchema, type Order } from "./gen/order/order_pb";
import type { Choice } from "./choice";
import { byId, el, instanceChip, itemsInWords, money, say, statusChip } from "./dom";
import { Failure } from "./failure";
import { failureCard } from "./failure-card";

const PATH = "/staff";
const RUSH = 8;

/** Calls that the gateway lets through with a token only, and not too many of them. */
export function staffPanel(choice: Choice): void {
  const line = byId("staff-state");
  const result = byId("staff-result");
  const who = byId("staff-who");
  const signIn = byId<HTMLButtonElement>("sign-in");
  const signOut = byId<HTMLButtonElement>("sign-out");
  let token: string | undefined;

  function signedIn(name: string | undefined, given: string | undefined): void {
    token = given;
    signIn.disabled = !!given;
    signOut.disabled = !given;
    who.dataset["signedIn"] = given ? "yes" : "no";
    who.replaceChildren(...(name ? ["Signed in as ", el("strong", {}, name)] : ["Signed out"]));
    result.replaceChildren();
    say(line, "idle", given ? "The token goes along with each call from here." : "No token goes along.");
  }

  function look(): Promise<{ order: Order; instance: string }> {
    let instance = "";
    const options = { answeredBy: (name: string) => (instance = name), ...(token ? { token } : {}) };
    const asked = choice.desk(PATH).getOrder(create(GetOrderRequestSchema, { id: "order-1001" }), options);
    return asked.then((order) => ({ order, instance }));
  }

  async function one(): Promise<void> {
    const started = performance.now();
    const took = () => Math.round(performance.now() - started);
    say(line, "running", "Asking behind the counter…");
    try {
      const { order, instance } = await look();
      say(line, "done", "Shown by ", instanceChip(instance || "unknown"), ` in ${took()} ms.`);
      result.replaceChildren(ticket(order));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(line, "failed", "The gateway did not let it through.");
      result.replaceChildren(failureCard(error, took()));
    }
  }

  async function rush(): Promise<void> {
    const started = performance.now();
    say(line, "running", `Asking ${RUSH} times at once…`);
    const answers = await Promise.allSettled(Array.from({ length: RUSH }, look));
    const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
    const unexpected = failures.find((failure) => !(failure instanceof Failure));
    if (unexpected) throw unexpected;
    const through = RUSH - failures.length;
    say(line, failures.length ? "failed" : "done", `${through} of ${RUSH} were let through.`);
    result.replaceChildren(
      el(
        "ol",
        { class: "rush", "aria-label": "The calls of the rush" },
        ...answers.map((answer) => el("li", { "data-ok": answer.status === "fulfilled" ? "yes" : "no" })),
      ),
      ...failures.slice(0, 1).map((failure) => failureCard(failure as Failure, Math.round(performance.now() - started))),
    );
  }

  signIn.addEventListener("click", async () => {
    const name = byId<HTMLInputElement>("customer").value.replace(/[^A-Za-z0-9-]/g, "") || "ada";
    const answer = await fetch(`token/${name}`);
    if (answer.ok) signedIn(name, await answer.text());
    else say(line, "failed", "Nobody of this name can sign in.");
  });
  signOut.addEventListener("click", () => signedIn(undefined, undefined));
  byId("staff-look").addEventListener("click", () => void one());
  byId("staff-rush").addEventListener("click", () => void rush());
}

function ticket(order: Order): HTMLElement {
  return el(
    "article",
    { class: "ticket" },
    el("header", {}, el("strong", { class: "id" }, order.id), statusChip(order.status)),
    el("p", {}, `${itemsInWords(order)} for ${order.customerId}`),
    el("p", { class: "total" }, money(order.total)),
  );
}
