// The page's logic without a page: numbers, texts, addresses, colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, metricOf } from "../../web/src/logic/axes.js";
import { colourOf } from "../../web/src/logic/colours.js";
import * as format from "../../web/src/logic/format.js";
import { smooth } from "../../web/src/logic/smoothing.js";
import { formatHash, parseHash, parseIds } from "../../web/src/logic/url.js";

test("smoothing leaves constants exactly as they are", () => {
  const third = 1 / 3;
  assert.deepEqual(smooth(Array(50).fill(third), 0.9), Array(50).fill(third));
  assert.deepEqual(smooth([third, third, 0.5], 0.6).slice(0, 2), [third, third]);
});

test("smoothing is debiased: the second value weighs both as it should", () => {
  const [first, second] = smooth([1, 2], 0.5);
  assert.equal(first, 1);
  assert.ok(Math.abs(Number(second) - 5 / 3) < 1e-12);
});

test("smoothing off is the identity, gaps stay gaps", () => {
  assert.deepEqual(smooth([1, null, 3, NaN, undefined], 0), [1, null, 3, null, null]);
  assert.deepEqual(smooth([1, null, 1], 0.9), [1, null, 1]);
});

test("durations have the unit that fits", () => {
  const expected = new Map([
    [0, "0 s"],
    [0.0123, "12 ms"],
    [0.42, "0.42 s"],
    [12.34, "12.3 s"],
    [245, "4 min 05 s"],
    [7380, "2 h 03 min"],
    [273600, "3 d 04 h"],
  ]);
  for (const [value, text] of expected) assert.equal(format.seconds(value), text);
  for (const value of [null, undefined, NaN, -1, "3"])
    assert.equal(format.seconds(value), "–");
});

test("counts, shares, rates and bytes", () => {
  assert.equal(format.count(60000), "60,000");
  assert.equal(format.percent(0.97123), "97.12 %");
  assert.equal(format.percent(null), "–");
  assert.equal(format.rate(281234), "281 k/s");
  assert.equal(format.rate(12), "12/s");
  assert.equal(format.bytes(1536), "1.50 KiB");
  assert.equal(format.short(0.1), "0.1");
  assert.equal(format.short(1e-8), "1e-8");
  assert.equal(format.short(1875), "1,875");
  assert.equal(format.short(0.30000000000000004), "0.3");
});

test("exact numbers keep every digit and read back the same", () => {
  for (const value of [0.1 + 0.2, 1 / 3, 5e-324, 0.97119999999999995, 123456789012345])
    assert.equal(Number(format.exact(value)), value);
});

test("config values as text", () => {
  assert.equal(format.configValue(null), "none");
  assert.equal(format.configValue([128, 64]), "128, 64");
  assert.equal(format.configValue([]), "none");
  assert.equal(format.configValue(false), "no");
  assert.equal(format.configValue(1e-8), "1e-8");
});

test("addresses carry the view state and come back the same", () => {
  const query = { tab: "config", smooth: "0.6", q: "50 % & <b>" };
  const route = parseHash(formatHash(["runs", "12"], query));
  assert.deepEqual(route, { parts: ["runs", "12"], query });
  assert.deepEqual(parseHash(""), { parts: [], query: {} });
  assert.deepEqual(parseHash("#/a%E0%A4%A"), { parts: ["a%E0%A4%A"], query: {} });
  assert.equal(formatHash([], { a: null, b: undefined, c: "" }), "#/");
  assert.equal(formatHash(["compare"], { ids: "3,1" }), "#/compare?ids=3,1");
});

test("ids in addresses: whole, positive, once", () => {
  assert.deepEqual(parseIds("3,1,3,x,-2,1.5,0"), [3, 1]);
  assert.deepEqual(parseIds(undefined), []);
});

test("unknown axes and metrics fall back", () => {
  assert.equal(axisOf("epoch"), "epoch");
  assert.equal(axisOf("toString"), "step");
  assert.equal(metricOf("__proto__"), "test_accuracy");
});

test("a run's colour follows from its number; dashes tell later ones apart", () => {
  assert.deepEqual(colourOf(3), { index: 2, dash: [] });
  assert.equal(colourOf(11).index, colourOf(3).index);
  const looks = new Set(
    Array.from({ length: 32 }, (_, i) => JSON.stringify(colourOf(i + 1))),
  );
  assert.equal(looks.size, 32);
});
