// Made-up data of a person's own, and how it gets to a daemon without the form.
import assert from "node:assert/strict";

/** Numbers from 0 to 1, always the same. */
function random() {
  let state = 7;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

const flowers = [
  ["Iris setosa", [5, 3.4, 1.5, 0.3]],
  ["Iris versicolor", [5.9, 2.8, 4.3, 1.3]],
  ["Iris virginica", [6.6, 3, 5.5, 2]],
];

/** Three kinds of flowers, four columns in cm, 150 rows. */
export function irisCsv() {
  const next = random();
  const rows = Array.from({ length: 150 }, (_, i) => {
    const [name, means] = flowers[i % 3];
    const values = means.map((mean) => (mean + 0.4 * (next() + next() - 1)).toFixed(1));
    return [...values, name].join();
  });
  return ["sepal length,sepal width,petal length,petal width,species", ...rows].join("\n");
}

/** Years and incomes: two columns far from 0. */
export function planeCsv() {
  const next = random();
  const rows = Array.from({ length: 200 }, (_, i) => {
    const late = i % 2;
    return [late ? 1990 + (i % 20) : 1950 + (i % 20), Math.round(20000 + 30000 * late + 9000 * next()), late ? "rich" : "poor"].join(";");
  });
  return ["year;income;kind", ...rows].join("\r\n");
}

export const strange = {
  markup: "<b>bold</b>",
  turned: "x\u202egnp",
  hebrew: "שלום",
  long: `${"a name that never ends ".repeat(3)}${"z".repeat(11)}`,
};

/** Columns and classes called as nobody should call them, and more columns than are typed. */
export function strangeCsv(columns = 6) {
  const next = random();
  const names = Object.values(strange);
  const head = Array.from({ length: columns }, (_, i) => (names[i] ?? `c${i}`).padEnd(i === 0 ? 20 : 0));
  const rows = Array.from({ length: 80 }, (_, i) =>
    [...Array.from({ length: columns }, (_, k) => (next() + (k === i % 4 ? 1 : 0)).toFixed(3)), names[i % 4]].join());
  return [[...head, "class"].join(), ...rows].join("\n");
}

/** Numbers of a file in the format of MNIST. */
export function idx(type, sizes, bytes) {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head[2] = type;
  head[3] = sizes.length;
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, Buffer.from(bytes)]);
}

/** Pictures, bright on the left or above, as IDX files of bytes. */
export function pictureFiles(width = 12, height = 5, count = 60) {
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const next = random();
  const pixels = labels.flatMap((label) =>
    Array.from({ length: width * height }, (_, at) => {
      const bright = label ? at % width < width / 2 : at < (width * height) / 2;
      return Math.floor((bright ? 150 : 0) + 100 * next());
    }));
  return { pictures: idx(8, [count, height, width], pixels), labels: idx(8, [count], labels) };
}

/** @param {Record<string, string>} texts @param {Record<string, string | Buffer>} files */
export async function upload(daemon, texts, files) {
  const body = new FormData();
  for (const [name, text] of Object.entries(texts)) body.append(name, text);
  for (const [name, bytes] of Object.entries(files)) body.append(name, new Blob([bytes]), name);
  const response = await fetch(`${daemon.url}/datasets`, { method: "POST", body });
  assert.equal(response.status, 201, await response.clone().text());
  return response.json();
}
