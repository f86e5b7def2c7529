// Where the tiles of a network stand: a column a layer, as the network itself has them.

export const HEAD = 62;
const TALLEST = 16;
const LARGEST_TILE = 44;
const SMALLEST_TILE = 10;
const MOST_EDGES = 900;
/** Room for the headings, which are wider than a tile. */
const MARGIN = 16;

/**
 * @typedef {{left: number, top: number, x: number, y: number}} Seat of a tile: its
 *   corner, and its middle
 * @typedef {{left: number, width: number, seats: Seat[]}} TileColumn
 * @typedef {{layer: number, from: number, to: number, d: string}} TileEdge `layer`: the
 *   one whose weight it is
 */

/** @param {number} tallest units in a column */
const tileFor = (tallest) => (tallest > 12 ? 26 : tallest > 8 ? 32 : LARGEST_TILE);

/** The side of a tile, so that all columns fit beside each other with room for lines.
 * @param {number[]} sizes @param {number} width */
function tileSize(sizes, width) {
  const tallest = Math.min(TALLEST, Math.max(...sizes));
  const across = sizes.reduce((sum, size) => sum + Math.ceil(size / TALLEST), 0);
  const gap = Math.min(30, width / (3 * sizes.length));
  const room = Math.floor((width - gap * (sizes.length - 1)) / across) - 4;
  return Math.max(SMALLEST_TILE, Math.min(tileFor(tallest), room));
}

/** @param {number} size units @param {number} left @param {number} tile
 * @param {number} height @returns {TileColumn} */
function column(size, left, tile, height) {
  const pitch = tile + Math.max(4, Math.round(tile / 5));
  const rows = Math.min(size, TALLEST);
  const top = HEAD + (height - HEAD - rows * pitch) / 2;
  const seats = Array.from({ length: size }, (_, i) => {
    const seat = {
      left: left + Math.floor(i / TALLEST) * (tile + 4),
      top: top + (i % TALLEST) * pitch,
    };
    return { ...seat, x: seat.left + tile / 2, y: seat.top + tile / 2 };
  });
  return { left, width: Math.ceil(size / TALLEST) * (tile + 4) - 4, seats };
}

/**
 * @param {number[]} sizes inputs, hidden ..., outputs
 * @param {number} width in pixels that there are
 * @returns {{tile: number, width: number, height: number, columns: TileColumn[]}}
 */
export function layoutTiles(sizes, width) {
  const inner = width - 2 * MARGIN;
  const tile = tileSize(sizes, inner);
  const rows = Math.min(TALLEST, Math.max(...sizes));
  const height = HEAD + rows * (tile + Math.max(4, Math.round(tile / 5)));
  const widths = sizes.map((size) => Math.ceil(size / TALLEST) * (tile + 4) - 4);
  const used = widths.reduce((a, b) => a + b, 0);
  const gap = Math.max(10, (inner - used) / (sizes.length - 1));
  let left = MARGIN;
  const columns = sizes.map((size, i) => {
    const made = column(size, left, tile, height);
    left += widths[i] + gap;
    return made;
  });
  return { tile, width: Math.max(width, left - gap + MARGIN), height, columns };
}

/**
 * A line for each weight, none where there would be too many to tell apart.
 * @param {ReturnType<typeof layoutTiles>} layout @returns {TileEdge[]}
 */
export function edgesOf({ tile, columns }) {
  const counts = columns.map(({ seats }) => seats.length);
  const total = counts.slice(1).reduce((sum, count, i) => sum + count * counts[i], 0);
  if (total > MOST_EDGES) return [];
  return columns.slice(1).flatMap(({ seats }, layer) =>
    seats.flatMap((to, t) =>
      columns[layer].seats.map((from, f) => {
        const [x1, x2] = [from.x + tile / 2, to.x - tile / 2];
        const x = (x1 + x2) / 2;
        const d = `M${x1} ${from.y}C${x} ${from.y} ${x} ${to.y} ${x2} ${to.y}`;
        return { layer, from: f, to: t, d };
      }),
    ),
  );
}
