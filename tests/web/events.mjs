// The live stream as the browser tests look at it.
import { openStream } from "../http/client.mjs";

/** Follows GET /events and keeps what it brings. */
export async function follow(url) {
  const stream = await openStream(url);
  return {
    points: (run) =>
      stream.events
        .filter(({ event, data }) => event === "point" && data.run === run)
        .map(({ data }) => data.point),
    close: () => stream.close(),
  };
}
