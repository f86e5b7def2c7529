// How large a graph is drawn, and which part of it its scroll box shows.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { prefersStillness } from "../../data/motion.js";

/** Smaller than this, its numbers cannot be read. */
const SMALLEST = 0.75;
const LARGEST = 1.15;

/** Fits the width where that leaves it readable.
 * @param {{current: HTMLElement | null}} box @param {number} width */
export function useScale(box, width) {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const observer = new ResizeObserver(() => setRoom(current.clientWidth));
    observer.observe(current);
    setRoom(current.clientWidth);
    return () => observer.disconnect();
  }, []);
  return room ? Math.min(LARGEST, Math.max(SMALLEST, room / width)) : 1;
}

/** Scrolls the box, never the page, to the block that a step changes.
 * @param {{current: HTMLElement | null}} box
 * @param {{x: number, y: number} | undefined} place @param {number} width
 * @param {number} scale */
export function useFollowing(box, place, width, scale) {
  useEffect(() => {
    const { current } = box;
    if (!current || !place) return;
    const [left, top] = [place.x * scale, place.y * scale];
    const inside =
      left >= current.scrollLeft &&
      left + width * scale <= current.scrollLeft + current.clientWidth &&
      top >= current.scrollTop &&
      top + 40 <= current.scrollTop + current.clientHeight;
    if (inside) return;
    current.scrollTo({
      left: left + (width * scale - current.clientWidth) / 2,
      top: top - current.clientHeight / 2,
      behavior: prefersStillness() ? "instant" : "smooth",
    });
  }, [place?.x, place?.y, scale]);
}
