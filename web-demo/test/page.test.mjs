import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { launchBrowser, startDemo } from "./demo.mjs";

const backends = ["amber", "birch", "coral"];
const choices = [
  { client: "connect", format: "binary", streams: true },
  { client: "connect", format: "json", streams: true },
  { client: "grpc-web", format: "binary", streams: false },
  { client: "grpc-web", format: "text", streams: true },
];

describe("the page, from another origin than the gateway", { timeout: 420_000 }, () => {
  let demo, browser, page;
  const problems = [];

  before(async () => {
    demo = await startDemo();
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    problems.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(demo.page);
    await page.locator("html[data-ready]").waitFor();
  });

  async function choose({ client, format }) {
    await page.locator(`label:has(#client-${client})`).click();
    if (format !== "binary") await page.locator(`label:has(#format-${format})`).click();
  }

  /** The bucket may be empty from the test before; it is filled again within ten seconds. */
  async function lookUntilServed() {
    for (;;) {
      await page.click("#staff-look");
      await page.locator('#staff-state:not([data-state="running"])').waitFor();
      if (await page.locator('#staff-state[data-state="done"]').count()) return;
      assert.equal(await page.locator('#staff .failure[data-code="RESOURCE_EXHAUSTED"]').count(), 1);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  const state = (panel, name) => page.locator(`#${panel}-state[data-state="${name}"]`);

  it("comes from another origin", () => {
    assert.notEqual(new URL(demo.page).origin, new URL(demo.gateway).origin);
  });

  for (const choice of choices) {
    const by = `${choice.client} ${choice.format}`;

    it(`${by}: places an order and says who took it`, async () => {
      await choose(choice);
      await page.fill("#customer", `test ${by}`);
      await page.click("#place button");
      await state("place", "done").waitFor();
      assert.match(await page.innerText("#place-result"), /order-\d+[^]*2 × teapot for test [^]*€69\.00/);
      assert.ok(backends.includes(await page.innerText("#place-state .instance")));
      assert.deepEqual(problems, []);
    });

    it(`${by}: lists the orders`, async () => {
      await choose(choice);
      await page.click("#list-start");
      await state("list", "done").waitFor();
      assert.ok((await page.locator("#orders-body tr").count()) >= 5);
      assert.match(await page.innerText("#orders-body"), /order-1001/);
      assert.ok(backends.includes(await page.innerText("#list-state .instance")));
    });

    it(`${by}: cancels a running list`, async () => {
      await choose(choice);
      await page.click("#list-slow");
      if (choice.streams) {
        await page.locator("#orders-body tr").nth(1).waitFor();
        assert.match(await page.innerText("#list-state"), /orders so far/);
      }
      await page.click("#list-cancel");
      await state("list", "cancelled").waitFor();
      const rows = await page.locator("#orders-body tr").count();
      assert.ok(rows < 5, `${rows} rows, though it was cancelled`);
      assert.match(await page.innerText("#calls-body"), /ListOrders[^]*CANCELLED/);
    });

    it(`${by}: decodes the violations of a wrong order`, async () => {
      await choose(choice);
      await page.click("#wrong-order");
      const card = page.locator('.failure[data-code="INVALID_ARGUMENT"]');
      await card.waitFor();
      assert.deepEqual(await card.locator('[data-type="google.rpc.BadRequest"] dt').allInnerTexts(), [
        "customer_id",
        "items[0].quantity",
        "items[0].unit_price",
      ]);
      assert.ok(backends.includes(await card.locator(".instance").innerText()));
    });

    it(`${by}: decodes the error info of an unknown order`, async () => {
      await choose(choice);
      await page.click("#unknown-order");
      const card = page.locator('.failure[data-code="NOT_FOUND"]');
      await card.waitFor();
      assert.match(await card.innerText(), /ORDER_NOT_FOUND[^]*metadata\.id[^]*order-0/);
    });

    it(`${by}: lets a deadline pass`, async () => {
      await choose(choice);
      await page.click("#deadline");
      const card = page.locator('.failure[data-code="DEADLINE_EXCEEDED"]');
      await card.waitFor();
      const tookMs = parseInt(await card.locator(".took").innerText());
      assert.ok(tookMs >= 1200 && tookMs < 8000, `took ${tookMs} ms, the deadline is 1500 ms`);
    });

    it(`${by}: is refused behind the counter without a token, and served with one`, async () => {
      await choose(choice);
      await page.click("#staff-look");
      const card = page.locator('#staff .failure[data-code="UNAUTHENTICATED"]');
      await card.waitFor();
      assert.match(await card.innerText(), /Jwt is missing/);
      await page.click("#sign-in");
      await page.locator('#staff-who[data-signed-in="yes"]').waitFor();
      assert.match(await page.innerText("#staff-who"), /Signed in as ada/);
      await lookUntilServed();
      assert.match(await page.innerText("#staff-result"), /order-1001/);
      assert.ok(backends.includes(await page.innerText("#staff-state .instance")));
      await page.click("#sign-out");
      await page.click("#staff-look");
      await card.waitFor();
      assert.deepEqual(problems, []);
    });

    it(`${by}: is told when it asks too often`, async () => {
      await choose(choice);
      await page.click("#sign-in");
      await page.locator('#staff-who[data-signed-in="yes"]').waitFor();
      await page.click("#staff-rush");
      const card = page.locator('#staff .failure[data-code="RESOURCE_EXHAUSTED"]');
      await card.waitFor();
      assert.match(await card.innerText(), /five calls in ten seconds are enough/);
      assert.ok((await page.locator('#staff .rush li[data-ok="no"]').count()) >= 3);
      assert.deepEqual(problems, []);
    });

    if (choice.streams) {
      it(`${by}: watches live, with counts from all backends, until stopped`, async () => {
        await choose(choice);
        await page.click("#watch-start");
        await state("watch", "running").waitFor();
        for (const name of backends) await page.locator(`#tally .bar[data-instance="${name}"]`).waitFor();
        assert.ok(backends.includes(await page.innerText("#watch-state .instance")));

        const total = async () => {
          const counts = await page.locator("#tally .bar").evaluateAll((bars) => bars.map((bar) => +bar.dataset.count));
          return counts.reduce((sum, count) => sum + count, 0);
        };
        const early = await total();
        await page.waitForFunction(
          (least) => [...document.querySelectorAll("#tally .bar")].reduce((n, bar) => n + +bar.dataset.count, 0) > least,
          early,
        );
        await page.click("#watch-stop");
        await state("watch", "cancelled").waitFor();
        assert.match(await page.innerText("#calls-body"), /WatchOrders[^]*CANCELLED/);
        assert.deepEqual(problems, []);
      });
    } else {
      it(`${by}: says why it cannot watch`, async () => {
        await choose(choice);
        assert.ok(await page.locator("#watch-start").isDisabled());
        assert.match(await page.innerText("#watch-state"), /cannot watch in binary/);
      });
    }
  }

  it("chats in both directions over one WebSocket, until it hangs up", async () => {
    const sockets = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    const send = async (words) => {
      await page.fill("#chat-text", words);
      await page.press("#chat-text", "Enter");
    };
    const answer = (count) => page.locator("#chat-lines .theirs").nth(count - 1);

    await send("hello");
    await answer(1).waitFor();
    assert.match(await answer(1).innerText(), /You said: hello/);
    await state("chat", "running").waitFor();
    const by = await page.innerText("#chat-state .instance");
    assert.ok(backends.includes(by));

    await send("status order-1001");
    await answer(2).waitFor();
    assert.match(await answer(2).innerText(), /pending|confirmed|shipped/);
    assert.equal(await answer(2).locator(".instance").innerText(), by);
    await send("status order-0");
    await answer(3).waitFor();
    assert.match(await answer(3).innerText(), /No order has the id/);

    await page.click("#chat-end");
    await state("chat", "done").waitFor();
    assert.match(await page.innerText("#chat-state"), /after 3 answers/);
    assert.match(await page.innerText("#calls-body"), /OrderChat[^]*nice-grpc-web[^]*OK/);
    assert.deepEqual(sockets, [new URL("/order.OrderService/OrderChat", demo.gateway).href.replace("http", "ws")]);

    await send("again");
    await answer(4).waitFor();
    assert.equal(sockets.length, 2);
    assert.deepEqual(problems, []);
  });
});
