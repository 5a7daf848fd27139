import type { Json } from '../../../../json/json.ts';
import { equal, isMap } from '../../../../json/value.ts';

/** Whether two lists of routes of a VirtualService are the same but for the routes of these names and for weights. */
export function sameButForTraffic(
  declared: Json | undefined,
  live: Json | undefined,
  managed: ReadonlySet<string>,
): boolean {
  if (!Array.isArray(declared) || !Array.isArray(live)) return false;
  return equal(unshared(declared, managed), unshared(live, managed));
}

function unshared(routes: readonly Json[], managed: ReadonlySet<string>): Json[] {
  return routes
    .filter(route => !(isMap(route) && typeof route['name'] === 'string' && managed.has(route['name'])))
    .map(route => {
      if (!isMap(route) || !Array.isArray(route['route'])) return route;
      const destinations = route['route'].map(each => {
        if (!isMap(each)) return each;
        const { weight: _weight, ...destination } = each;
        return destination;
      });
      return { ...route, route: destinations };
    });
}
