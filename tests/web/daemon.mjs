// Starts the daemon for a test: a temporary data folder, a port that the system picks.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
const START_MS = 15000 * Number(process.env.SLOWNESS ?? 1);

/** @returns {string} a folder that the test removes by `removeFolder` */
export function makeFolder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), "sweetspot-test-"));
}

export function removeFolder(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Resolves with the address that the daemon says it listens on. */
function listening(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error("the daemon did not start"));
    }, START_MS);
    const fail = (text) => {
      clearTimeout(timer);
      reject(new Error(text));
    };
    child.once("error", (error) => fail(`cannot start ${binary}: ${error.message}`));
    child.once("exit", (code) => fail(`the daemon ended with ${code}`));
    readline.createInterface(child.stdout).on("line", (line) => {
      const found = line.match(/^listening on (http:\S+)$/);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
  });
}

/**
 * @param {{folder: string, port?: number, args?: string[], env?: object}} options
 * @returns {Promise<{url: string, port: number, pid: number, ended: Promise<number>,
 *   stop: (signal?: string) => Promise<number>}>}
 */
export async function startDaemon({ folder, port = 0, args = [], env = {} }) {
  const words = ["serve", "--port", String(port), "--data-dir", folder, ...args];
  const child = spawn(binary, words, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  const url = await listening(child);
  const stop = (signal = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { url, port: Number(new URL(url).port), pid: child.pid, ended, stop };
}
