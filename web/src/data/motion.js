// Does this person ask for less motion?

const query = matchMedia("(prefers-reduced-motion: reduce)");

export const prefersStillness = () => query.matches;
