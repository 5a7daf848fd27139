import picomatch from 'picomatch';

/** Where the incidents of a unit go; the pattern is a glob, a route without one is for all. */
export interface Route {
  channel: string;
  unit?: string | undefined;
}

/** The channel of the first route that matches; incidents of no unit take only routes for all. */
export function channelFor(routes: readonly Route[], unit: string | undefined, fallback: string): string {
  const route = routes.find(({ unit: pattern }) => {
    if (pattern === undefined) return true;
    return unit !== undefined && picomatch.isMatch(unit, pattern);
  });
  return route?.channel ?? fallback;
}
