// What the pages work out about a person's own data: a file's head, its name, its units.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as columns from "../../web/src/logic/columns.js";
import * as csv from "../../web/src/logic/csv-head.js";
import * as datasets from "../../web/src/logic/datasets.js";
import { shownClasses } from "../../web/src/logic/mistakes.js";
import { safeText } from "../../web/src/logic/names.js";
import { shownOutputs } from "../../web/src/logic/outputs.js";
import { kindOf, sentText, suggestName } from "../../web/src/logic/upload.js";
import { inputsOf } from "../../web/src/logic/weights.js";

test("the first row of a CSV, with any separator, quotes and line end", () => {
  const rows = [
    ["a,b,c\n1,2,3", ["a", "b", "c"]],
    ["a;b,5;c\r\n", ["a", "b,5", "c"]],
    ["a\tb\r1\t2", ["a", "b"]],
    ["\ufeffa,b\n", ["a", "b"]],
    ["\n\r\na,b\n", ["a", "b"]],
    ['"x, ""y""",b\n', ['x, "y"', "b"]],
    ['"two\nlines";b\n', ["two\nlines", "b"]],
    ["a,\n", ["a", ""]],
    ["one\n", ["one"]],
  ];
  for (const [text, fields] of rows) assert.deepEqual(csv.firstRow(text, false), fields, text);
});

test("a first row that does not end within the head is not guessed", () => {
  assert.equal(csv.firstRow("a,b", false), null);
  assert.equal(csv.firstRow('"a,b\nc', false), null);
  assert.deepEqual(csv.firstRow("a,b", true), ["a", "b"]);
  assert.deepEqual(csv.firstRow("a,", true), ["a", ""]);
  assert.equal(csv.firstRow("", true), null);
});

test("columns are named by the first row, unless it has a number in it", () => {
  assert.deepEqual(csv.namesOf(["a", "", "c"]), ["a", "column 2", "c"]);
  assert.deepEqual(csv.namesOf(["5.1", "x"]), ["column 1", "column 2"]);
  for (const text of ["1", " -1.5e-3\t", ".5", "5.", "+2"]) assert.ok(csv.isDecimal(text), text);
  for (const text of ["", "x", "1 2", "nan", "inf", "0x10", "1e999", "1,5", "-"]) assert.ok(!csv.isDecimal(text), text);
});

test("the class column is the one the server would take", () => {
  assert.equal(csv.usualColumn(["y", "Class", "z"]), 1);
  assert.equal(csv.usualColumn(["target", "LABEL", "z"]), 1);
  assert.equal(csv.usualColumn(["a", "b", "c"]), 2);
  assert.equal(csv.columnText(["a", "b"], 1), "b");
  assert.equal(csv.columnText(["a", "A", "b"], 1), "2");
});

test("a file is told by its first bytes", () => {
  assert.equal(kindOf(new Uint8Array([0, 0, 8, 3])), "idx");
  assert.equal(kindOf(new Uint8Array([0x1f, 0x8b, 8, 0])), "idx");
  assert.equal(kindOf(new TextEncoder().encode("a,b")), "csv");
  assert.equal(kindOf(new Uint8Array()), "csv");
});

test("a name that the server allows is made of the file's", () => {
  const names = [
    ["iris.csv", "iris"],
    ["Iris Data (2).CSV", "iris-data-2"],
    ["train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"],
    ["Ärger & Öl.csv.gz", "arger-ol"],
    ["__x_y.tsv", "x_y"],
    ["数据.csv", "data"],
    [".csv", "data"],
    [`${"a".repeat(30)}-b.csv`, "a".repeat(30)],
  ];
  for (const [file, name] of names) {
    assert.equal(suggestName(file, []), name);
    assert.match(name, /^[a-z0-9][a-z0-9_-]{0,30}$/);
  }
  assert.equal(suggestName("iris.csv", ["iris", "iris-2"]), "iris-3");
  assert.equal(suggestName(`${"a".repeat(40)}.csv`, ["a".repeat(31)]), `${"a".repeat(29)}-2`);
});

test("an upload in bytes", () => {
  assert.equal(sentText(1536, 10240), "1.5 of 10.0 KiB");
  assert.equal(sentText(1048576, 10485760), "1.0 of 10.0 MiB");
  assert.equal(sentText(5, 5), "All is sent; the server reads it …");
});

const length = { name: "length", mean: 5.8266, deviation: 0.66954 };
const year = { name: "year", mean: 2004.57, deviation: 4.704 };
const still = { name: "still", mean: 7, deviation: 0 };

test("units of the file and of the model, both ways", () => {
  for (const [column, value] of [[length, 5.1], [length, -0.3], [year, 2007], [year, 1994]]) {
    const single = Math.fround(columns.toModel(column, value));
    assert.equal(columns.toUser(column, single), value);
    assert.equal(columns.fieldText(column, single), String(value));
  }
  assert.equal(columns.userText(year, columns.toModel(year, 2007)), "2007");
  assert.equal(columns.roughText(length, 0.12345), "5.909");
  assert.ok(Math.abs(columns.toUser(length, columns.snapped(length, 0.12345)) - 5.909) < 1e-9);
  assert.equal(columns.toModel(still, 9), 0);
  assert.equal(columns.toUser(still, 0), 7);
  assert.equal(columns.userText(length, null), "–");
});

test("numbers of a column line up", () => {
  const values = [5.1, 3, 4.75].map((value) => columns.toModel(length, value));
  assert.deepEqual(columns.alignedTexts(length, values), ["5.10", "3.00", "4.75"]);
  const plain = { name: "p", mean: 0, deviation: 1e-5 };
  assert.deepEqual(columns.alignedTexts(plain, [1, 2.5]), ["1e-5", "2.5e-5"]);
});

test("typed values, and those of an address", () => {
  assert.equal(columns.readNumber(" 5.1 "), 5.1);
  for (const text of ["", " ", "5,1", "x", "1e999"]) assert.equal(columns.readNumber(text), null);
  const values = [5.1, 2007].map((value, i) => columns.toModel([length, year][i], value));
  const text = columns.valuesText([length, year], values);
  assert.equal(text, "5.1,2007");
  assert.deepEqual(columns.readValues([length, year], text), values);
  for (const bad of [undefined, "", "5.1", "5.1,x", "1,2,3"]) assert.equal(columns.readValues([length, year], bad), null);
});

test("columns of a set that says nothing of them", () => {
  assert.deepEqual(columns.columnsOf({ columns: null, features: 2 }).map(({ name }) => name), ["x", "y"]);
  assert.deepEqual(columns.columnsOf({ features: 3 })[2], { name: "input 3", mean: 0, deviation: 1 });
  assert.deepEqual(columns.columnsOf({ columns: [length], features: 1 }), [length]);
});

test("a question to a model stays short enough to be sent", () => {
  assert.deepEqual(columns.shortened([0.123456, 1]), [0.1235, 1]);
  const many = Array.from({ length: 9000 }, (_, i) => Math.sin(i));
  assert.ok(JSON.stringify(columns.shortened(many)).length <= 60000);
});

test("pictures, planes and tables are told apart", () => {
  const shapes = { pictures: { width: 1, height: 2, features: 2 }, plane: { width: 0, features: 2 }, table: { width: 0, features: 4 } };
  assert.deepEqual(Object.entries(shapes).map(([name, set]) => [name, datasets.isPictures(set), datasets.isPlane(set)]), [
    ["pictures", true, false],
    ["plane", false, true],
    ["table", false, false],
  ]);
});

test("a name does not turn the text around it", () => {
  assert.equal(safeText("Iris <b>setosa</b>"), "Iris <b>setosa</b>");
  assert.equal(safeText("x\u202egnp"), "x\ufffdgnp");
  assert.equal(safeText("שלום"), "\u2068שלום\u2069");
  assert.equal(safeText("a\u2069\u202eש"), "\u2068a\ufffd\ufffdש\u2069");
});

test("of very many classes those with mistakes are shown, and what is asked for", () => {
  const size = 100;
  const confusion = Array.from({ length: size }, () => new Array(size).fill(0));
  for (let i = 0; i < 40; i++) confusion[60 + (i % 20)][i % 10] = 1;
  const shown = shownClasses(confusion, { actual: 99, predicted: null });
  assert.equal(shown.length, 30);
  assert.ok(shown.includes(99) && shown.includes(0) && shown.includes(60));
  assert.deepEqual(shown, [...shown].sort((a, b) => a - b));
  assert.deepEqual(shownClasses([[1, 0], [0, 1]]), [0, 1]);
  const outputs = Array.from({ length: size }, (_, i) => i / size);
  const bars = shownOutputs(outputs, 3);
  assert.equal(bars.length, 20);
  assert.ok(bars.includes(3) && bars.includes(99) && !bars.includes(4));
  assert.deepEqual(shownOutputs([0.5, 0.5], -1), [0, 1]);
});

test("the weights of one column to all units", () => {
  const layer = { index: 0, inputs: 2, outputs: 3, weight: Float32Array.of(1, 10, 2, 20, 2, 30), bias: Float32Array.of(0, 0, 0) };
  const [first, second] = inputsOf(layer, "index");
  assert.deepEqual([...first.weights], [1, 2, 2]);
  assert.equal(first.norm, 3);
  assert.deepEqual([...second.weights], [10, 20, 30]);
  assert.deepEqual(inputsOf(layer, "norm").map(({ index }) => index), [1, 0]);
});
