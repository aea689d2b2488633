import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { answers, startDemo } from "./demo.mjs";

describe("the one command", { timeout: 420_000 }, () => {
  it("prints a curl line that works, and SIGTERM ends everything", async () => {
    const demo = await startDemo();
    try {
      const orders = execFileSync("bash", ["-c", demo.curl], { encoding: "utf8", timeout: 20_000 });
      assert.match(orders, /order-1001[^]*order-1002[^]*grpc-status:0/);
      assert.ok(!orders.includes("order-1003"), "the limit of the request is 2");
    } finally {
      await demo.stop("SIGTERM");
    }
    assert.equal(await answers(demo.page), false);
    assert.equal(await answers(demo.gateway), false);
  });

  it("ends on SIGINT as well", async () => {
    const demo = await startDemo();
    assert.equal(await answers(demo.page), true);
    await demo.stop("SIGINT");
    assert.equal(await answers(demo.page), false);
    assert.equal(await answers(demo.gateway), false);
  });
});
