// A disk with a page cache, fed with what tests/torture/record.c wrote down: what may lie
// on it when the power goes at some moment of the recording.
//
// The rules are POSIX's, not those of one file system. A file's contents and size are safe
// once the file is synced; an entry of a folder once that folder is synced, whatever became
// of the file (ext4 and others would write the entry along with it). What was not synced:
//
// - of a file, each page of 4 KiB by itself is as after any of the writes since the sync,
//   as before all of them, or torn: its sectors of 512 bytes are of two such states. The
//   size is any that the file had, or one between; pages that were dropped and lie past
//   the old end hold zeros.
// - of a folder, either the changes up to some moment are there (a journal), or any of
//   them (none). One rename is there or not: it never leaves both names or neither.
//
// The map that SQLite calls -shm holds anything: it is made anew from the log.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const PAGE = 4096;
const SECTOR = 512;
const HEADER = 32;
const KINDS = ["open", "write", "resize", "sync", "rename", "unlink", "mkdir", "rmdir"];

/** The records of a log in order; `end` is the offset behind each. */
export function* readRecords(log) {
  for (let at = 0; at < log.length; ) {
    const [pathLength, dataLength, truncates] = [4, 8, 12].map((offset) => log.readUInt32LE(at + offset));
    const [paths, data] = [at + HEADER, at + HEADER + pathLength];
    const record = {
      kind: KINDS[log.readUInt32LE(at)],
      file: log.readBigUInt64LE(at + 16),
      offset: Number(log.readBigUInt64LE(at + 24)),
      truncates: truncates === 1,
      paths: log.toString("utf8", paths, data).split("\0"),
      data: log.subarray(data, data + dataLength),
      end: data + dataLength,
    };
    yield record;
    at = record.end;
  }
}

/** Bytes that grow; zeros past `size`. */
class Content {
  bytes = Buffer.alloc(PAGE);
  size = 0;

  resize(size) {
    if (size > this.bytes.length) this.bytes = Buffer.concat([this.bytes], Math.max(size + PAGE - (size % PAGE), 2 * this.bytes.length));
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
  }

  page(number) {
    const page = Buffer.alloc(PAGE);
    this.bytes.subarray(number * PAGE, (number + 1) * PAGE).copy(page);
    return page;
  }
}

const pagesOf = (from, to) => Array.from({ length: Math.max(0, Math.ceil(to / PAGE) - Math.floor(from / PAGE)) }, (_, i) => Math.floor(from / PAGE) + i);

/** One of them. */
export const pick = (random, items) => items[Math.floor(random() * items.length)];

class File {
  synced = new Content();
  current = new Content();
  /** Page number -> what it was after each write since the sync. */
  pages = new Map();
  sizes = [];

  note(from, to) {
    for (const page of pagesOf(from, to)) {
      if (!this.pages.has(page)) this.pages.set(page, []);
      this.pages.get(page).push(this.current.page(page));
    }
  }

  resize(size) {
    const old = this.current.size;
    if (size === old) return;
    this.current.resize(size);
    this.sizes.push(size);
    this.note(Math.min(size, old), Math.max(size, old));
  }

  write(offset, data) {
    const end = offset + data.length;
    if (end > this.current.size) {
      this.current.resize(end);
      this.sizes.push(end);
    }
    data.copy(this.current.bytes, offset);
    this.note(offset, end);
  }

  sync() {
    this.synced.resize(this.current.size);
    for (const page of this.pages.keys()) {
      const [from, to] = [page * PAGE, Math.min((page + 1) * PAGE, this.current.size)];
      if (from < to) this.current.bytes.copy(this.synced.bytes, from, from, to);
    }
    this.pages.clear();
    this.sizes = [];
  }

  /** Random numbers decide for each page and for the size. */
  tornSize(random) {
    const sizes = [this.synced.size, ...this.sizes];
    const [one, other] = [pick(random, sizes), pick(random, sizes)];
    return random() < 0.5 ? this.current.size : random() < 0.6 ? one : Math.floor(one + random() * (other - one));
  }

  tornPage(random, number) {
    const states = [this.synced.page(number), ...this.pages.get(number)];
    const chance = random();
    if (chance < 0.35) return states.at(-1);
    if (chance < 0.7) return states[0];
    const [page, other] = [Buffer.from(pick(random, states)), pick(random, states)];
    for (let sector = 0; chance > 0.8 && sector < PAGE; sector += SECTOR) if (random() < 0.5) other.copy(page, sector, sector, sector + SECTOR);
    return page;
  }

  image({ style, random }) {
    if (style === "kept") return this.current.bytes.subarray(0, this.current.size);
    if (style === "dropped") return this.synced.bytes.subarray(0, this.synced.size);
    const image = Buffer.alloc(this.tornSize(random));
    this.synced.bytes.copy(image, 0, 0, this.synced.size);
    for (const number of this.pages.keys()) this.tornPage(random, number).copy(image, number * PAGE);
    return image;
  }
}

class Folder {
  synced = new Map();
  current = new Map();
  changes = [];

  /** @param {[string, File | Folder | null][]} change null: the name goes */
  change(change) {
    apply(this.current, change);
    this.changes.push(change);
  }

  sync() {
    this.synced = new Map(this.current);
    this.changes = [];
  }

  image({ style, random }) {
    if (style === "kept") return this.current;
    const entries = new Map(this.synced);
    if (style === "dropped") return entries;
    const journal = random() < 0.5;
    const upTo = Math.floor(random() * (this.changes.length + 1));
    this.changes.forEach((change, i) => (journal ? i < upTo : random() < 0.5) && apply(entries, change));
    return entries;
  }
}

function apply(entries, change) {
  for (const [name, node] of change)
    if (node) entries.set(name, node);
    else entries.delete(name);
}

const isMap = (name) => name.endsWith("-shm");

/** Where a map is there at all, what is in it says nothing. */
function mapImage({ style, random }) {
  const image = Buffer.alloc(style === "dropped" ? 0 : 32768);
  if (style === "torn") for (let at = 0; at < image.length; at += 4) image.writeUInt32LE(Math.floor(random() * 4294967296), at);
  return image;
}

/** A folder as it is before a recording, for any number of disks. */
export function readTree(place) {
  const info = fs.statSync(place, { bigint: true });
  const inner = info.isDirectory() ? fs.readdirSync(place).map((name) => [name, readTree(path.join(place, name))]) : fs.readFileSync(place);
  return { place, number: info.ino, inner };
}

export class Disk {
  #root;
  #top;
  #trusts;
  #nodes = new Map();
  #paths = new Map();

  /**
   * @param {ReturnType<typeof readTree>} tree what is on it, synced
   * @param {(path: string) => boolean} trusts whether a sync of this file or folder does
   *   anything; else than always, to see that a daemon that did not make it is found out
   */
  constructor(tree, trusts = () => true) {
    this.#root = tree.place;
    this.#trusts = trusts;
    this.#top = this.#load(tree);
  }

  #load({ place, number, inner }) {
    const node = Array.isArray(inner) ? new Folder() : new File();
    if (Array.isArray(inner)) for (const [name, tree] of inner) node.change([[name, this.#load(tree)]]);
    else node.write(0, inner);
    node.sync();
    return this.#know(node, number, place);
  }

  #know(node, number, place) {
    this.#nodes.set(number, node);
    this.#paths.set(node, path.relative(this.#root, place));
    return node;
  }

  #find(place) {
    let node = this.#top;
    for (const name of path.relative(this.#root, place).split("/").filter(Boolean)) node = node?.current.get(name);
    return node;
  }

  #change(place, node) {
    this.#find(path.dirname(place)).change([[path.basename(place), node]]);
  }

  #open({ paths: [place], file, truncates }) {
    if (!this.#find(place)) this.#change(place, this.#know(new File(), file, place));
    if (truncates) this.#nodes.get(file).resize(0);
  }

  #rename([from, to]) {
    assert.equal(path.dirname(from), path.dirname(to), "a rename within a folder");
    const node = this.#find(from);
    this.#find(path.dirname(to)).change([[path.basename(from), null], [path.basename(to), node]]);
    this.#paths.set(node, path.relative(this.#root, to));
  }

  /** Does what a record says. */
  replay(record) {
    const node = this.#nodes.get(record.file);
    switch (record.kind) {
      case "open":
        return this.#open(record);
      case "write":
        return node.write(record.offset, record.data);
      case "resize":
        return node.resize(record.offset);
      case "sync":
        return this.#trusts(this.#paths.get(node)) && node.sync();
      case "rename":
        return this.#rename(record.paths);
      case "mkdir":
        return this.#change(record.paths[0], this.#know(new Folder(), record.file, record.paths[0]));
      default:
        return this.#change(record.paths[0], null);
    }
  }

  /**
   * Writes what may be left if the power goes now into an empty folder.
   * @param {{style: "kept" | "dropped" | "torn", random: () => number}} how all of what
   *   was not synced is there, none of it, or what the random numbers say
   */
  writeImage(target, how, folder = this.#top) {
    for (const [name, node] of folder.image(how)) {
      const place = path.join(target, name);
      if (node instanceof Folder) {
        fs.mkdirSync(place, { mode: 0o700 });
        this.writeImage(place, how, node);
      } else fs.writeFileSync(place, isMap(name) ? mapImage(how) : node.image(how), { mode: 0o600 });
    }
  }

  /** Fails where the folder is not what the records say: something was not recorded. */
  expectSame(place = this.#root, folder = this.#top) {
    assert.deepEqual(fs.readdirSync(place).sort(), [...folder.current.keys()].sort(), place);
    for (const [name, node] of folder.current) {
      const inner = path.join(place, name);
      if (node instanceof Folder) this.expectSame(inner, node);
      else if (!isMap(name)) assert.ok(fs.readFileSync(inner).equals(node.image({ style: "kept" })), `${inner} is as recorded`);
    }
  }
}
