// What web/build.mjs makes: every file twice, no name that a browser cannot resolve, the
// same bytes each time.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { makeFolder, removeFolder } from "./daemon.mjs";

const web = fileURLToPath(new URL("../../web", import.meta.url));

const build = (script, out) =>
  spawnSync(process.execPath, [path.join(script, "build.mjs"), out], {
    encoding: "utf8",
  });

function withFolder(body) {
  const folder = makeFolder();
  try {
    return body(folder);
  } finally {
    removeFolder(folder);
  }
}

const filesIn = (folder) =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesIn(path.join(folder, entry.name))
        : [path.join(folder, entry.name)],
    );

test("the same input gives the same bytes, compressed ones unpack to the others", () =>
  withFolder((folder) => {
    assert.equal(build(web, folder).status, 0);
    const first = new Map(filesIn(folder).map((file) => [file, fs.readFileSync(file)]));
    assert.equal(build(web, folder).status, 0);
    for (const [file, bytes] of first) {
      assert.deepEqual(fs.readFileSync(file), bytes, file);
      if (!file.endsWith(".gz")) continue;
      const raw = file.replace(`${folder}/gzip`, `${folder}/files`).slice(0, -3);
      assert.deepEqual(gunzipSync(bytes), first.get(raw));
    }
  }));

test("one style sheet holds all others, in the order of its imports", () =>
  withFolder((folder) => {
    assert.equal(build(web, folder).status, 0);
    const styles = filesIn(path.join(folder, "files")).filter((file) => file.endsWith(".css"));
    assert.deepEqual(styles, [path.join(folder, "files/assets/css/main.css")]);
    const text = fs.readFileSync(styles[0], "utf8");
    assert.ok(!text.includes("@import"));
    const source = (name) => fs.readFileSync(path.join(web, "src/css", name), "utf8");
    const names = [...source("main.css").matchAll(/"(.+\.css)"/g)].map(([, name]) => name);
    const places = names.map((name) => text.indexOf(source(name)));
    assert.ok(names.length > 30 && !places.includes(-1), `${places}`);
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    const all = fs.readdirSync(path.join(web, "src/css")).filter((name) => name !== "main.css");
    assert.deepEqual([...names].sort(), all.sort(), "each sheet is imported, once");
  }));

test("modules import only addresses that are served", () =>
  withFolder((folder) => {
    assert.equal(build(web, folder).status, 0);
    const files = path.join(folder, "files");
    const scripts = filesIn(files).filter((file) => file.endsWith(".js"));
    for (const file of scripts) {
      const text = fs.readFileSync(file, "utf8");
      for (const [, name] of text.matchAll(
        /^(?:import|export)[^"'`;]*from\s*"([^"]+)"/gm,
      )) {
        assert.match(name, /^[./]/, `${file} imports ${name}`);
        const from = name.startsWith("/") ? files : path.dirname(file);
        assert.ok(fs.existsSync(path.join(from, name)), `${file} imports ${name}`);
      }
    }
    assert.match(
      fs.readFileSync(path.join(files, "assets/vendor/LICENSES.txt"), "utf8"),
      /MIT/,
    );
  }));

test("a missing package is named, with what to do", () =>
  withFolder((folder) => {
    for (const name of ["build.mjs", "vendored.mjs", "index.html"])
      fs.copyFileSync(path.join(web, name), path.join(folder, name));
    fs.mkdirSync(path.join(folder, "src"));
    const { status, stderr } = build(folder, path.join(folder, "out"));
    assert.equal(status, 1);
    assert.match(stderr, /preact.* is missing: run 'npm ci --prefix web'/);
  }));

test("a part that is fetched later names at once all modules that it needs", () =>
  withFolder((folder) => {
    assert.equal(build(web, folder).status, 0);
    const files = path.join(folder, "files");
    const read = (url) => fs.readFileSync(path.join(files, url), "utf8");
    const main = read("index.html");
    const reached = new Set();
    const walk = (url) => {
      if (reached.has(url) || main.includes(`"${url}"`)) return;
      reached.add(url);
      for (const [, name] of read(url).matchAll(/\bfrom\s*"([./][^"\n]*)"/g)) walk(new URL(name, `http://x${url}`).pathname);
    };
    const page = "/assets/pages/runs/runs-page.js";
    walk(page);
    assert.ok(reached.size > 10);
    const [first] = read(page).split("\n");
    for (const url of reached) assert.ok(url === page || first.includes(`import "${url}";`), url);
    assert.ok(!main.includes(page));
  }));
