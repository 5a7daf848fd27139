import picomatch from 'picomatch';
import { type Incident, type Severity, unitOf } from '../incidents/incident.ts';
import { type QuietHours, quietUntil } from './quiet.ts';
import { atLeast } from './severity.ts';

/** Where incidents go. What it leaves out matches all; patterns are globs. */
export interface Route {
  channel: string | readonly string[];
  unit?: string | undefined;
  path?: string | undefined;
  environment?: string | undefined;
  severity?: Severity | undefined;
  owner?: string | undefined;
  quiet?: QuietHours | undefined;
  /** Slack ids, `here`, `channel`, `owners`. */
  mention?: readonly string[];
  /** Whether the routes after it count as well. */
  also?: boolean;
}

/** What a route asks of an incident. */
export interface Routed {
  unit?: string;
  /** The declaring file. */
  path?: string;
  environment?: string;
  severity: Severity;
  owners: readonly string[];
}

/** A channel that an incident goes to. */
export interface Destination {
  channel: string;
  /** Quiet hours hold it back until then, in milliseconds since the epoch. */
  notBefore?: number;
  mentions: string[];
}

export interface RouteFacts {
  /** The channel for what no route matches. */
  fallback: string;
  now: number;
  /** Slack ids by owner, for routes that mention owners. */
  slackIds: Readonly<Record<string, readonly string[]>>;
}

/** The channels of the first route that matches, and of further ones while a route says `also`; each channel once. */
export function destinationsOf(
  routes: readonly Route[],
  incident: Routed,
  { fallback, now, slackIds }: RouteFacts,
): Destination[] {
  const found = new Map<string, Destination>();
  for (const route of routes) {
    if (!matches(route, incident)) continue;
    const { quiet } = route;
    const exempt = quiet === undefined || atLeast(incident.severity, quiet.except);
    const notBefore = exempt ? undefined : quietUntil(quiet, now);
    const mentions = mentionsOf(route, incident, slackIds);
    for (const channel of [route.channel].flat()) {
      if (found.has(channel)) continue;
      found.set(channel, { channel, mentions, ...(notBefore === undefined ? {} : { notBefore }) });
    }
    if (route.also !== true) break;
  }
  return found.size === 0 ? [{ channel: fallback, mentions: [] }] : [...found.values()];
}

/** What routes ask of an incident, given who owns its file. */
export function routed(
  incident: Incident,
  facts: { environment?: string | undefined; severity: Severity; owners: readonly string[] },
): Routed {
  const { environment, severity, owners } = facts;
  const unit = unitOf(incident);
  const path = fileOf(incident);
  return {
    severity,
    owners,
    ...(unit === undefined ? {} : { unit }),
    ...(path === undefined ? {} : { path }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** The file that declares what an incident is about, where there is one. */
export function fileOf({ subject }: Incident): string | undefined {
  return subject.kind === 'drift' ? subject.finding.source?.file : undefined;
}

function matches(route: Route, { unit, path, environment, severity, owners }: Routed): boolean {
  return (
    matchesGlob(route.unit, unit) &&
    matchesGlob(route.path, path) &&
    matchesGlob(route.environment, environment) &&
    (route.severity === undefined || atLeast(severity, route.severity)) &&
    (route.owner === undefined || owners.some(owner => picomatch.isMatch(owner, route.owner ?? '')))
  );
}

function matchesGlob(pattern: string | undefined, value: string | undefined): boolean {
  return pattern === undefined || (value !== undefined && picomatch.isMatch(value, pattern, { dot: true }));
}

function mentionsOf(route: Route, { owners }: Routed, slackIds: RouteFacts['slackIds']): string[] {
  const ids = (route.mention ?? []).flatMap(id => {
    if (id !== 'owners') return [id];
    return owners.flatMap(owner => (Object.hasOwn(slackIds, owner) ? (slackIds[owner] ?? []) : []));
  });
  return [...new Set(ids)];
}
