import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser, startDemo } from "./demo.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The console of the gateway's admin listener, with the sample backends, which tell their services by reflection. */
describe("the console", { timeout: 420_000 }, () => {
  let demo, browser, context, page;
  const problems = [];

  before(async () => {
    demo = await startDemo();
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function open(options) {
    await context?.close();
    context = await browser.newContext(options);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    problems.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => line.type() === "error" && problems.push(line.text()));
    await page.goto(demo.console);
  }

  beforeEach(() => open({}));

  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const method = (name) => page.locator(`button[data-method="backend/order.OrderService/${name}"]`).click();
  const allow = () => press("Let it call backends");
  const outcome = (state) => page.locator(`#answer .outcome[data-state="${state}"]`);
  const received = (place) => page.locator("#answer .messages li:not(.mine) pre").nth(place);

  async function text(locator) {
    return (await locator.textContent()).replace(/\s+/g, " ");
  }

  it("only looks until it may call", async () => {
    await method("GetOrder");
    assert.equal(await page.getByRole("button", { name: "Send", exact: true }).isDisabled(), true);
    await allow();
    await page.getByText("This page may call backends.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send", exact: true }).isDisabled(), false);
    // That holds for this tab.
    await page.reload();
    await page.getByText("This page may call backends.").waitFor();
    assert.deepEqual(problems, []);
  });

  it("makes a unary call", async () => {
    await allow();
    await method("GetOrder");
    await page.getByLabel("id string").fill("order-1001");
    await press("Send");
    await outcome("ok").waitFor();
    assert.match(await text(received(0)), /"id": "order-1001", "customerId": "ada"/);
    assert.match(await text(page.locator("#answer .headers").first()), /content-typeapplication\/grpc/);
    assert.match(await text(page.locator("#history")), /GetOrder OK/);
    assert.deepEqual(problems, []);
  });

  it("shows the details of an error", async () => {
    await allow();
    await method("CreateOrder");
    await page.getByRole("button", { name: "Add LineItem to items" }).click();
    await page.getByLabel("quantity int32").fill("a dozen");
    await page.getByText("A whole number is wanted.").waitFor();
    await press("Send");
    assert.equal(await outcome("running").count() + await outcome("failed").count(), 0);
    await page.getByLabel("quantity int32").fill("12");
    await press("Send");
    await outcome("failed").waitFor();
    assert.match(await text(outcome("failed")), /INVALID_ARGUMENT \(3\)/);
    assert.match(await text(page.locator("#answer .detail")), /BadRequest.*customer_id: must not be empty.*items\[0\]\.product_id/);
    assert.deepEqual(problems, []);
  });

  it("shows a server stream while it runs, and cancels it", async () => {
    await allow();
    await method("ListOrders");
    await page.getByLabel("interval_ms int32").fill("150");
    await press("Send");
    await received(0).waitFor();
    assert.equal(await outcome("running").count(), 1);
    await press("Cancel");
    await outcome("cancelled").waitFor();
    assert.deepEqual(problems, []);
  });

  it("sends a client stream", async () => {
    await allow();
    await method("UploadLineItems");
    await page.getByLabel("product_id string").fill("teapot");
    await page.getByLabel("quantity int32").fill("2");
    await page.getByLabel("unit_price double").fill("4.5");
    await press("Open and send");
    await press("Send message");
    await press("End requests");
    await outcome("ok").waitFor();
    assert.equal(await text(received(0)), '{ "lineItems": 2, "quantity": "4", "total": 18 }');
    assert.equal(await page.locator("#answer .messages li.mine").count(), 2);
    assert.deepEqual(problems, []);
  });

  it("talks both ways", async () => {
    await allow();
    await method("OrderChat");
    await page.getByLabel("text string").fill("status order-1001");
    await press("Open and send");
    assert.match(await text(received(0)), /"text": "shipped"/);
    await page.getByLabel("text string").fill("hello");
    await press("Send message");
    assert.match(await text(received(1)), /hello/);
    assert.equal(await outcome("running").count(), 1);
    await press("End requests");
    await outcome("ok").waitFor();
    assert.deepEqual(problems, []);
  });

  it("sends metadata and a deadline", async () => {
    await allow();
    await method("GetOrder");
    await page.getByLabel("id string").fill("order-1001");
    await page.getByLabel("delay_ms int32").fill("5000");
    await page.getByText("Metadata", { exact: true }).click();
    await press("Add metadata");
    await page.getByLabel("Name of metadata").fill("te");
    await page.getByLabel("Value of metadata").fill("x");
    await press("Send");
    await page.getByText("metadata 'te' belongs to the call itself").waitFor();
    await page.getByLabel("Name of metadata").fill("x-note");
    await page.getByLabel("Deadline").fill("100");
    await press("Send");
    await page.getByText("DEADLINE_EXCEEDED (4)").waitFor();
    assert.deepEqual(problems, []);
  });

  it("takes the message as JSON as well, and back into the form", async () => {
    await allow();
    await method("CreateOrder");
    await page.getByLabel("JSON", { exact: true }).check();
    const json = page.getByLabel("Message as JSON");
    await json.fill('{"customer_id":');
    await page.getByText("This is no JSON").waitFor();
    await json.fill('{"customer_id":"ada","items":[{"productId":"teapot","quantity":1,"unitPrice":2}]}');
    await page.getByLabel("Form", { exact: true }).check();
    assert.equal(await page.getByLabel("customer_id string").inputValue(), "ada");
    assert.equal(await page.getByLabel("product_id string").inputValue(), "teapot");
    await press("Send");
    await outcome("ok").waitFor();
    assert.match(await text(received(0)), /"customerId": "ada"/);
    assert.deepEqual(problems, []);
  });

  it("is used with the keyboard", async () => {
    await page.getByRole("button", { name: "Let it call backends" }).focus();
    await page.keyboard.press("Enter");
    await page.locator('button[data-method="backend/order.OrderService/GetOrder"]').focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "GetOrder" }).waitFor();
    for (let i = 0; i < 20 && (await focused()) !== "id string"; i++) await page.keyboard.press("Tab");
    await page.keyboard.type("order-1002");
    for (let i = 0; i < 20 && (await focused()) !== "Send"; i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await outcome("ok").waitFor();
    assert.deepEqual(problems, []);
  });

  const focused = () =>
    page.evaluate(() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent);

  it("copies a call as grpcurl, connect-web and curl", async () => {
    await method("GetOrder");
    await page.getByLabel("id string").fill("it's");
    const snippet = async (kind) => {
      await press(kind);
      await page.getByRole("heading", { name: `As ${kind}` }).waitFor();
      const shown = await page.locator("dialog pre").textContent();
      await press("Close");
      return shown;
    };
    assert.match(await snippet("grpcurl"), /^grpcurl \\\n {2}-plaintext \\\n[^]*-d '\{"id":"it'\\''s"\}' \\\n {2}127\.0\.0\.1:\d+ \\\n {2}order\.OrderService\/GetOrder$/);
    assert.match(await snippet("connect-web"), /createClient\(OrderService, [^]*client\.getOrder\(fromJson\(GetOrderRequestSchema, \{"id":"it's"\}\), \{ timeoutMs: 30000 \}\)/);
    // 00 00000006 0a 04 69 74 27 73
    assert.match(await snippet("curl"), new RegExp(`${demo.gateway}/order.OrderService/GetOrder[^]*-d 'AAAAAAYKBGl0J3M='`));
    assert.deepEqual(problems, []);
  });

  /** A call of some program, through the gateway's listener: GetOrder { id: "order-1001" }. */
  async function getOrder() {
    const id = Buffer.from("order-1001");
    const answer = await fetch(`${demo.gateway}/order.OrderService/GetOrder`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto", authorization: "Bearer abc" },
      body: Buffer.concat([Buffer.from([0, 0, 0, 0, id.length + 2, 0x0a, id.length]), id]),
    });
    await answer.arrayBuffer();
  }

  it("shows calls of others, with the keyboard", async () => {
    await getOrder();
    await page.getByRole("button", { name: "Load", exact: true }).focus();
    await page.keyboard.press("Enter");
    const entry = page.locator("#recordings button").first();
    await page.locator("#recordings").getByText("GetOrder OK").first().waitFor();
    await entry.focus();
    await page.keyboard.press("Enter");
    await outcome("ok").waitFor();
    assert.match(await text(page.locator("#answer .messages .mine pre")), /{ "id": "order-1001" }/);
    assert.match(await text(received(0)), /"id": "order-1001", "customerId": "ada"/);
    await page.getByText(/^Request headers/).click();
    assert.match(await text(page.locator("#answer .headers")), /authorization\[masked\]/);
    // Back to one's own calls.
    await method("GetOrder");
    assert.equal(await page.locator("#answer").isHidden(), true);
    assert.deepEqual(problems, []);
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`has no serious finding of axe in ${colorScheme} colours`, async () => {
      await open({ colorScheme, reducedMotion: "reduce" });
      const check = async (what) => {
        const found = await page.evaluate(`${axe}; axe.run(document)`);
        const bad = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
        assert.deepEqual(bad.map((one) => `${what}: ${one.id} ${one.nodes.map((node) => node.html).join(" ")}`), []);
      };
      await page.locator("button[data-method]").first().waitFor();
      await check("before a call");
      await allow();
      await method("CreateOrder");
      await page.getByRole("button", { name: "Add LineItem to items" }).click();
      await page.getByLabel("quantity int32").fill("x");
      await check("a form with a problem");
      await page.getByLabel("quantity int32").fill("1");
      await press("Send");
      await outcome("failed").waitFor();
      await check("an error");
      await method("OrderChat");
      await page.getByLabel("text string").fill("hello");
      await press("Open and send");
      await received(0).waitFor();
      await check("a stream");
      await press("curl");
      await page.locator("dialog pre").waitFor();
      await check("a dialog");
      await page.keyboard.press("Escape");
      await getOrder();
      await press("Load");
      await page.locator("#recordings button").first().click();
      await outcome("ok").waitFor();
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/recorded-${colorScheme}.png` });
      await check("a recorded call");
    });
  }
});

/** A message with every kind of field, from the descriptors that the configuration names; no backend is there. Runs after what builds. */
describe("the form of the console", { timeout: 120_000 }, () => {
  const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  let folder, gateway, browser, page;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "console-"));
    const file = join(folder, "gateway.conf");
    writeFileSync(
      file,
      `listeners.main { listen = "127.0.0.1:0", routes = [{ prefix = "/", cluster = shop }], filters = [{ type = json, services = [shop.Shop],
         descriptors = "${path("gateway/src/test/resources/io/grpcweb/gateway/schema/shop.binpb")}" }, router] }
       clusters.shop.endpoints = ["127.0.0.1:1"]
       admin.listen = "127.0.0.1:0"`,
    );
    const [command, ...words] = (process.env.GATEWAY_COMMAND ?? path("gateway/target/gateway/bin/gateway")).split(" ");
    gateway = spawn(command, [...words, "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
    let admin;
    for await (const line of createInterface({ input: gateway.stderr })) {
      admin = /admin pages on (\S+)/.exec(line)?.[1];
      if (admin) break;
    }
    gateway.stderr.resume();
    browser = await launchBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${admin}/console`);
    await page.locator('button[data-method="shop/shop.Shop/All"]').click();
  });

  after(async () => {
    await browser?.close();
    const gone = once(gateway, "exit");
    gateway.kill();
    await gone;
    rmSync(folder, { recursive: true });
  });

  const field = (label) => page.getByLabel(label, { exact: true });
  const view = (name) => field(name).check();
  const press = (name) => page.getByRole("button", { name, exact: true }).click();

  it("writes every kind of field, and the gateway takes it", async () => {
    const texts = {
      "i32 int32": "-5",
      "u64 uint64": "18446744073709551615",
      "d double": "NaN",
      "by bytes": "aGk=",
      "any Any": '{"@type":"type.googleapis.com/shop.ItemName","item":"x"}',
      "mask FieldMask": "a,b",
      "val Value": "[1,null]",
      "w64 Int64Value": "-9",
      "opt int32": "0",
      "ts Timestamp": "2026-01-31T12:00:00Z",
      "du Duration": "1.5s",
      "json_named string": "j",
    };
    for (const [label, text] of Object.entries(texts)) await field(label).fill(text);
    await field("b bool").check();
    await field("wb BoolValue").selectOption("false");
    await field("e Color").selectOption("COLOR_RED");
    await press("Add int32 to ri");
    await field("ri[0]").fill("7");
    await press("Add StringValue to rw");
    await press("Add Item to rm");
    await field("name string").fill("inner");
    await press("Add entry to mi");
    await field("Key of mi").fill("3");
    await field("Value of mi").fill("three");
    await field("o oneof").selectOption("oi");
    await field("o oneof").selectOption("os");
    await field("os (string)").fill("chosen");
    await press("Add empty");
    await view("JSON");
    const written = JSON.parse(await field("Message as JSON").inputValue());
    assert.deepEqual(written, {
      i32: -5,
      u64: "18446744073709551615",
      d: "NaN",
      by: "aGk=",
      b: true,
      e: "COLOR_RED",
      ri: [7],
      rm: [{ name: "inner" }],
      mi: { 3: "three" },
      any: { "@type": "type.googleapis.com/shop.ItemName", item: "x" },
      mask: "a,b",
      val: [1, null],
      w64: "-9",
      wb: false,
      os: "chosen",
      opt: 0,
      empty: {},
      ts: "2026-01-31T12:00:00Z",
      du: "1.5s",
      rw: [""],
      other: "j",
    });
    await view("Form");
    assert.equal(await field("du Duration").inputValue(), "1.5s");
    assert.equal(await field("os (string)").inputValue(), "chosen");
    await press("curl");
    assert.match(await page.locator("dialog pre").textContent(), /-d 'AAAA[A-Za-z0-9+/]+=*'/);
    await press("Close");
  });

  it("says what is wrong with a value", async () => {
    const wrong = {
      "i32 int32": ["2147483648", "Between -2147483648 and 2147483647."],
      "u32 uint32": ["-1", "Between 0 and 4294967295."],
      "d double": ["much", "A number is wanted; NaN, Infinity and -Infinity are taken as well."],
      "by bytes": ["a", "Bytes are written in base64."],
      "ts Timestamp": ["today", "A time is wanted, such as 2026-01-31T12:00:00Z."],
      "du Duration": ["2", "Seconds are wanted, such as 1.5s."],
      "any Any": ["{}", 'A JSON object with "@type" is wanted.'],
    };
    for (const [label, [text, problem]] of Object.entries(wrong)) {
      const one = field(label);
      const before = await one.inputValue();
      await one.fill(text);
      assert.equal(await one.getAttribute("aria-invalid"), "true", label);
      const described = await one.getAttribute("aria-describedby");
      assert.equal(await page.locator(`#${described}`).textContent(), problem);
      await view("JSON").catch(() => {});
      assert.equal(await field("Form").isChecked(), true, "a form with a problem stays");
      await one.fill(before);
      assert.equal(await one.getAttribute("aria-invalid"), null, label);
    }
  });
});
