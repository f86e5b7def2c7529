// Which files of which packages the page needs, under which names it imports them, and
// where the copies stand. The page has no bundler and no import map (the Content Security
// Policy forbids inline ones), so build.mjs rewrites these names while copying.

/**
 * @typedef {object} Vendored
 * @property {string} name       what the page's modules import
 * @property {string} file       in node_modules
 * @property {string} copy       under /assets/vendor/
 * @property {"module" | "umd"} kind  a UMD file becomes a module with a default export
 */

/** @type {Vendored[]} */
export const vendored = [
  { name: "preact", file: "preact/dist/preact.mjs", copy: "preact.js", kind: "module" },
  {
    name: "preact/hooks",
    file: "preact/hooks/dist/hooks.mjs",
    copy: "preact-hooks.js",
    kind: "module",
  },
  { name: "htm", file: "htm/dist/htm.mjs", copy: "htm.js", kind: "module" },
  {
    name: "htm/preact",
    file: "htm/preact/index.mjs",
    copy: "htm-preact.js",
    kind: "module",
  },
  {
    name: "chart.js/auto",
    file: "chart.js/dist/chart.umd.min.js",
    copy: "chart.js",
    kind: "umd",
  },
  {
    name: "chartjs-plugin-annotation",
    file: "chartjs-plugin-annotation/dist/chartjs-plugin-annotation.min.js",
    copy: "chart-annotation.js",
    kind: "umd",
  },
  {
    name: "chartjs-plugin-zoom",
    file: "chartjs-plugin-zoom/dist/chartjs-plugin-zoom.min.js",
    copy: "chart-zoom.js",
    kind: "umd",
  },
  {
    name: "@dagrejs/dagre",
    file: "@dagrejs/dagre/dist/dagre.esm.js",
    copy: "dagre.js",
    kind: "module",
  },
];

/**
 * What the UMD files `require`, as an expression over the modules above. The zoom plugin
 * also asks for hammerjs, and does without: with it, charts would catch every touch and
 * phones could not scroll past them.
 */
export const required = {
  "chart.js": { module: "chart.js/auto", member: "" },
  "chart.js/helpers": { module: "chart.js/auto", member: ".helpers" },
};

/** Licences shipped beside the copies, as one text: package and its licence file. */
export const licences = {
  preact: "preact/LICENSE",
  htm: "htm/LICENSE",
  "chart.js": "chart.js/LICENSE.md",
  "@kurkle/color (inside chart.js)": "@kurkle/color/LICENSE.md",
  "chartjs-plugin-annotation": "chartjs-plugin-annotation/LICENSE.md",
  "chartjs-plugin-zoom": "chartjs-plugin-zoom/LICENSE.md",
  "@dagrejs/dagre": "@dagrejs/dagre/LICENSE",
  "@dagrejs/graphlib (inside @dagrejs/dagre)": "@dagrejs/graphlib/LICENSE",
};
