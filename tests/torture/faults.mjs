// Steers tests/torture/fail.c: which call of a daemon is to fail, and what came of it.
import fs from "node:fs";
import path from "node:path";
import { library } from "./torture.mjs";

const CALLS = ["nothing", "malloc", "open", "read", "write", "sync", "rename", "unlink", "mkdir"];
const WORDS = ["call", "at", "error", "lasts", "made", "failed", "blocks", "leak", "distrusted"];
export const ERRNO = { EINTR: 4, EIO: 5, ENOSPC: 28, short: 0 };

/** A control file in `own`, for a daemon whose data folder is `folder`. */
export function makeFaults(own, folder) {
  const file = path.join(own, "control");
  fs.writeFileSync(file, Buffer.alloc(8 * WORDS.length));
  const fd = fs.openSync(file, "r+");
  const word = Buffer.alloc(8);
  const set = (name, value) => {
    word.writeBigInt64LE(BigInt(value));
    fs.writeSync(fd, word, 0, 8, 8 * WORDS.indexOf(name));
  };
  const get = (name) => {
    fs.readSync(fd, word, 0, 8, 8 * WORDS.indexOf(name));
    return Number(word.readBigInt64LE());
  };
  return {
    env: { LD_PRELOAD: library("fail"), FAIL_CONTROL: file, FAIL_FOLDER: folder },
    get,
    set,
    /** The `at`-th such call from now on fails; with `lasts` all after it, too. */
    arm(call, at, { error = 0, lasts = false } = {}) {
      set("made", 0);
      set("failed", 0);
      set("at", at);
      set("error", error);
      set("lasts", Number(lasts));
      set("call", CALLS.indexOf(call));
    },
    /** Stops that; how many calls were made, and failed. */
    disarm() {
      set("call", 0);
      return { made: get("made"), failed: get("failed") };
    },
    close: () => fs.closeSync(fd),
  };
}
