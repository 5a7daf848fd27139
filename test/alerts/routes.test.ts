import { describe, expect, it } from 'vitest';
import { destinationsOf, type Route, type Routed } from '../../src/alerts/routes.ts';

const incident: Routed = {
  unit: 'shop',
  path: 'manifests/shop/cart.yaml',
  environment: 'prod',
  severity: 'warning',
  owners: ['@acme/shop', '@ann'],
};
const facts = { fallback: 'CALL', now: Date.UTC(2026, 0, 5, 12), slackIds: { '@acme/shop': ['SSHOP'] } };
const channels = (routes: Route[], of: Partial<Routed> = {}) =>
  destinationsOf(routes, { ...incident, ...of }, facts).map(one => one.channel);

describe('a route', () => {
  it.each<[string, Omit<Route, 'channel'>, boolean]>([
    ['nothing', {}, true],
    ['its unit', { unit: 'sh*' }, true],
    ['another unit', { unit: 'base' }, false],
    ['its file', { path: 'manifests/shop/**' }, true],
    ['another file', { path: 'helm/**' }, false],
    ['its environment', { environment: 'prod' }, true],
    ['another environment', { environment: 'test' }, false],
    ['the same severity', { severity: 'warning' }, true],
    ['a lower severity', { severity: 'info' }, true],
    ['a higher severity', { severity: 'critical' }, false],
    ['an owner', { owner: '@acme/*' }, true],
    ['another owner', { owner: '@bob' }, false],
    ['all of it', { unit: 'shop', path: '**', severity: 'info', owner: '@ann' }, true],
    ['only some of it', { unit: 'shop', path: '**', severity: 'critical' }, false],
  ])('that asks for %s', (_, route, matches) => {
    expect(channels([{ channel: 'C1', ...route }])).toEqual([matches ? 'C1' : 'CALL']);
  });

  it('for units or files takes nothing that has none', () => {
    const { unit: _, path: __, ...general } = incident;
    const routes = [
      { channel: 'C1', unit: '*' },
      { channel: 'C2', path: '**' },
    ];
    expect(destinationsOf(routes, general, facts).map(one => one.channel)).toEqual(['CALL']);
  });
});

describe('routes', () => {
  it('stop at the first that matches, unless it lets others follow', () => {
    expect(channels([{ channel: 'C1' }, { channel: 'C2' }])).toEqual(['C1']);
    expect(channels([{ channel: 'C1', also: true }, { channel: 'C2' }, { channel: 'C3' }])).toEqual([
      'C1',
      'C2',
    ]);
  });

  it('name several channels, each once', () => {
    expect(channels([{ channel: ['C1', 'C2'], also: true }, { channel: 'C2' }])).toEqual(['C1', 'C2']);
  });

  it('call whom they name, and owners whose Slack ids are known', () => {
    const [one] = destinationsOf(
      [{ channel: 'C1', mention: ['owners', 'U1', 'here', 'U1'] }],
      incident,
      facts,
    );
    expect(one?.mentions).toEqual(['SSHOP', 'U1', 'here']);
  });

  it('know no owner by what every object has', () => {
    const route = { channel: 'C1', mention: ['owners'] };
    const [one] = destinationsOf([route], { ...incident, owners: ['constructor', '__proto__'] }, facts);
    expect(one?.mentions).toEqual([]);
  });

  it('hold back in quiet hours what is not grave enough', () => {
    const quiet = { from: '11:00', to: '13:00', timezone: 'UTC', except: 'critical' } as const;
    const at = (severity: Routed['severity']) =>
      destinationsOf([{ channel: 'C1', quiet }], { ...incident, severity }, facts)[0]?.notBefore;
    expect(at('warning')).toBe(Date.UTC(2026, 0, 5, 13));
    expect(at('critical')).toBeUndefined();
  });
});
