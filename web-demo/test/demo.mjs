import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const run = fileURLToPath(new URL("../run", import.meta.url));
const START_MS = 300_000; // on a fresh machine `run` builds first

/**
 * Starts web-demo/run on free ports and waits for the address that it prints. With GATEWAY_COMMAND another gateway
 * stands in, and what is built already is run as it is.
 */
export async function startDemo() {
  const gateway = process.env.GATEWAY_COMMAND;
  const child = spawn(run, gateway ? ["--no-build", "--gateway-command", gateway] : [], { stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  child.stderr.on("data", (data) => output.push(data));
  const exited = once(child, "exit");
  const addresses = {};
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      output.push(`${line}\n`);
      const open = /^Open +(\S+)/.exec(line);
      const behind = /^Gateway +(\S+)/.exec(line);
      const console = /^Console +(\S+)/.exec(line);
      const curl = /^ +(curl .+)/.exec(line);
      if (open) addresses.page = open[1];
      if (behind) addresses.gateway = behind[1];
      if (console) addresses.console = console[1];
      if (curl) addresses.curl = curl[1];
      if (line.startsWith("Ctrl-C")) return;
    }
    throw new Error(`the demo ended before it was ready:\n${output.join("")}`);
  })();
  try {
    await within(START_MS, ready, () => `the demo was not ready:\n${output.join("")}`);
  } catch (error) {
    child.kill("SIGTERM");
    throw error;
  }
  return {
    ...addresses,
    /** Ends it as a person (SIGINT) or a system (SIGTERM) would; the exit code. */
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await within(20_000, exited, () => `the demo did not end:\n${output.join("")}`);
      return code;
    },
  };
}

/** Debian's Chromium, or $CHROMIUM. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
}

/** Whether anything listens on the port of that address. */
export async function answers(address) {
  try {
    await fetch(address, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch (error) {
    return error.name === "TimeoutError";
  }
}

async function within(ms, promise, words) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(words())), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
