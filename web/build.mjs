// node web/build.mjs OUTDIR
//
// Collects what the browser loads into OUTDIR/files (also good for `serve --web-dir`) and
// writes OUTDIR/assets.S, which embeds every file, raw and gzip-compressed, together with
// the table of server/http/assets.h. The same input gives the same bytes.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { licences, required, vendored } from "./vendored.mjs";

const web = path.dirname(fileURLToPath(import.meta.url));

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** @type {(message: string) => never} */
function fail(message) {
  console.error(`web/build.mjs: ${message}`);
  process.exit(1);
}

/** @param {string} file path in node_modules */
function readPackage(file) {
  try {
    return fs.readFileSync(path.join(web, "node_modules", file), "utf8");
  } catch {
    return fail(`web/node_modules/${file} is missing: run 'npm ci --prefix web'`);
  }
}

/** @type {(name: string) => string} */
function vendorPath(name) {
  const found = vendored.find((entry) => entry.name === name);
  return found
    ? `/assets/vendor/${found.copy}`
    : fail(`no vendored file gives '${name}'`);
}

/**
 * Bare names in `import ... from "name"` and `import("name")` become paths.
 * @param {string} text
 */
function rewriteImports(text) {
  return text.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)"([^"./][^"\n]*)"/g,
    (_, before, name) => `${before}"${vendorPath(name)}"`,
  );
}

/** @param {string} text a UMD file's */
function wrapUmd(text) {
  const names = /** @type {(keyof typeof required)[]} */ (Object.keys(required));
  const used = names.filter((name) => text.includes(`require("${name}")`));
  const imports = used.map(
    (name, i) => `import r${i} from "${vendorPath(required[name].module)}";\n`,
  );
  const table = used.map((name, i) => `"${name}":r${i}${required[name].member}`);
  return (
    `${imports.join("")}const module={exports:{}},exports=module.exports;\n` +
    `const require=(name)=>({${table.join(",")}})[name];\n` +
    `(function(){${text}\n}).call(globalThis);\nexport default module.exports;\n`
  );
}

/** @type {(entry: import("./vendored.mjs").Vendored) => string} */
function readVendored(entry) {
  const text = readPackage(entry.file).replace(/^\/\/# sourceMappingURL=.*$/gm, "");
  return entry.kind === "umd" ? wrapUmd(text) : rewriteImports(text);
}

function readLicences() {
  const texts = Object.entries(licences).map(
    ([name, file]) =>
      `${name}\n${"=".repeat(name.length)}\n\n${readPackage(file).trim()}\n`,
  );
  return texts.join("\n\n");
}

/** @type {(folder: string) => string[]} */
function listFiles(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? listFiles(full) : [full];
  });
}

/**
 * The modules that one loads, and those that they load, itself first.
 * @param {Map<string, string>} files @param {string} url @param {Set<string>} [seen]
 */
function modulesFrom(files, url, seen = new Set()) {
  if (seen.has(url)) return seen;
  seen.add(url);
  for (const [, name] of (files.get(url) ?? "").matchAll(/\bfrom\s*"([./][^"\n]*)"/g))
    modulesFrom(files, new URL(name, `http://x${url}`).pathname, seen);
  return seen;
}

/** Tells the browser of all modules at once: it would find them level by level, and wait
 * for each level. @param {Map<string, string>} files */
function addPreloads(files) {
  const main = '<script type="module" src="/assets/main.js"></script>';
  const page = files.get("/") ?? "";
  if (!page.includes(main)) fail("index.html has lost its main module");
  const links = [...modulesFrom(files, "/assets/main.js")].map(
    (url) => `<link rel="modulepreload" href="${url}" />`,
  );
  files.set("/", page.replace(main, `${main}\n    ${links.join("\n    ")}`));
}

/** A module that is fetched when its part of the page is first shown begins by importing
 * all that it needs and the main module does not: so the browser learns of these at once,
 * too. On its first line, which keeps the others' numbers. @param {Map<string, string>} files */
function flattenParts(files) {
  const main = modulesFrom(files, "/assets/main.js");
  const loads = /\bawait import\("([./][^"\n]*)"\)/g;
  const parts = [...files].flatMap(([url, text]) =>
    [...text.matchAll(loads)].map(([, name]) => new URL(name, `http://x${url}`).pathname),
  );
  for (const part of new Set(parts)) {
    const text = files.get(part) ?? fail(`${part} is loaded, but there is no such file`);
    const needed = [...modulesFrom(files, part)].filter((url) => url !== part && !main.has(url));
    files.set(part, `${needed.map((url) => `import "${url}"; `).join("")}${text}`);
  }
}

/** Puts the style sheets that the main one imports into it: a browser draws nothing before
 * it has them all. @param {Map<string, string>} files */
function joinStyles(files) {
  const main = "/assets/css/main.css";
  const imports = files.get(main) ?? fail("there is no css/main.css");
  const joined = imports.replace(/^@import "([^"\n]+)";$/gm, (_, name) => {
    const url = `/assets/css/${name}`;
    const text = files.get(url) ?? fail(`main.css imports ${name}: no such file`);
    files.delete(url);
    return `/* ${name} */\n${text}`;
  });
  files.set(main, joined);
}

/** The address of each file and its content. */
function collect() {
  /** @type {Map<string, string>} */
  const files = new Map([["/", fs.readFileSync(path.join(web, "index.html"), "utf8")]]);
  for (const file of listFiles(path.join(web, "src"))) {
    if (!(path.extname(file) in types)) continue;
    const text = fs.readFileSync(file, "utf8");
    const url = `/assets/${path.relative(path.join(web, "src"), file)}`;
    files.set(url, file.endsWith(".js") ? rewriteImports(text) : text);
  }
  for (const entry of vendored)
    files.set(`/assets/vendor/${entry.copy}`, readVendored(entry));
  files.set("/assets/vendor/LICENSES.txt", readLicences());
  joinStyles(files);
  flattenParts(files);
  addPreloads(files);
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @type {(url: string) => string} */
const fileName = (url) => (url === "/" ? "index.html" : url.slice(1));

/** @type {(file: string, bytes: Buffer) => string} the file's name, for the assembler */
function write(file, bytes) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  return file.replace(/[\\"]/g, "\\$&");
}

/**
 * One file as the assembler wants it: its bytes, and its row of the table.
 * @type {(out: string, url: string, text: string, i: number) => {blobs: string, row: string}}
 */
function embed(out, url, text, i) {
  const raw = Buffer.from(text);
  const packed = gzipSync(raw, { level: 9 });
  const name = fileName(url);
  const rawFile = write(path.join(out, "files", name), raw);
  const gzipFile = write(path.join(out, "gzip", `${name}.gz`), packed);
  const etag = createHash("sha256").update(raw).digest("hex").slice(0, 32);
  const type = types[/** @type {keyof typeof types} */ (path.extname(name))];
  const blobs = `
.Lpath${i}: .asciz "${url}"
.Ltype${i}: .asciz "${type}"
.Letag${i}: .asciz "\\"${etag}\\""
.Lraw${i}: .incbin "${rawFile}"
.Lgzip${i}: .incbin "${gzipFile}"`;
  const row = `
    .quad .Lpath${i}, .Ltype${i}, .Letag${i}, .Lraw${i}, .Lgzip${i}
    .quad ${raw.length}, ${packed.length}`;
  return { blobs, row };
}

/** @type {(out: string, files: [string, string][]) => string} */
function assemble(out, files) {
  const parts = files.map(([url, text], i) => embed(out, url, text, i));
  return `/* Made by web/build.mjs. The table is struct asset of server/http/assets.h. */
    .section .rodata
${parts.map((part) => part.blobs).join("\n")}

    .balign 8
    .globl asset_count
    .type asset_count, %object
    .size asset_count, 8
asset_count:
    .quad ${files.length}

    .section .data.rel.ro, "aw", %progbits
    .balign 8
    .globl assets
    .type assets, %object
    .size assets, ${files.length * 56}
assets:${parts.map((part) => part.row).join("")}

    .section .note.GNU-stack, "", %progbits
`;
}

const out = process.argv[2]
  ? path.resolve(process.argv[2])
  : fail("usage: node build.mjs OUTDIR");
for (const folder of ["files", "gzip"])
  fs.rmSync(path.join(out, folder), { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, "assets.S"), assemble(out, collect()));
