// The fences and the compiler's hardening are really there in the program that serves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import { MOONS, startLab } from "./client.mjs";

const onLinux = { skip: process.platform !== "linux" && "the fences are Linux's" };

test("the daemon runs behind its fences, and says so", onLinux, async (context) => {
  const lab = await startLab({ env: { SWEETSPOT_SANDBOX: "" } });
  context.after(() => lab.end());
  const status = (name) => fs.readFileSync(`/proc/${lab.pid}/status`, "utf8").match(new RegExp(`^${name}:\\s*(\\d+)`, "m"))[1];
  const { sandbox } = (await lab.json("GET", "/system")).body;
  assert.equal(status("NoNewPrivs"), "1");
  assert.equal(sandbox.calls, true);
  for (const thread of fs.readdirSync(`/proc/${lab.pid}/task`)) {
    const text = fs.readFileSync(`/proc/${lab.pid}/task/${thread}/status`, "utf8");
    assert.match(text, /^Seccomp:\s*2$/m, `thread ${thread} filters its calls`);
    assert.match(text, /^NoNewPrivs:\s*1$/m);
  }
  const run = await lab.launch({ ...MOONS, epochs: 1 });
  await lab.waitFor(run.id, "finished");
  const digits = await lab.launch({ hidden: [8], epochs: 1, train_samples: 500, test_samples: 100 });
  assert.equal((await lab.waitFor(digits.id, ["finished", "failed"])).state, "finished", "files behind links are read");
});

test("the fences can be left out, and that is told too", onLinux, async (context) => {
  const lab = await startLab({ env: { SWEETSPOT_SANDBOX: "off" } });
  context.after(() => lab.end());
  assert.deepEqual((await lab.json("GET", "/system")).body.sandbox, { files: false, calls: false });
});

test("the program is built to end where it slips", onLinux, () => {
  const binary = process.env.SWEETSPOT_BIN ?? "build/sweetspot";
  const told = execFileSync("readelf", ["--wide", "--file-header", "--program-headers", "--dynamic", "--symbols", binary], { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.match(told, /Type:\s+DYN/, "position-independent");
  assert.match(told, /GNU_RELRO/);
  assert.match(told, /FLAGS_1\)\s+Flags:.*NOW/, "all symbols are bound, then read-only");
  assert.match(told, /GNU_STACK.* RW /, "no stack that can be executed");
  assert.match(told, /__stack_chk_fail/);
  if (!process.env.SWEETSPOT_BIN) assert.match(told, /__\w+_chk@/, "checked copies");
});
