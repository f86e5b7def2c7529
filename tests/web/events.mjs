// A plain client of the event stream, for tests.

/** Follows GET /events and keeps what it brings. */
export async function follow(url) {
  const stopper = new AbortController();
  const response = await fetch(`${url}/events`, { signal: stopper.signal });
  const seen = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const type = block.match(/^event: (.*)$/m)?.[1];
        const data = block.match(/^data: (.*)$/m)?.[1];
        if (type && data) seen.push({ type, data: JSON.parse(data) });
      }
    }
  })().catch(() => {});
  return {
    seen,
    points: (run) =>
      seen
        .filter(({ type, data }) => type === "point" && data.run === run)
        .map(({ data }) => data.point),
    close: () => {
      stopper.abort();
      return reading;
    },
  };
}
