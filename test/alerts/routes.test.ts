import { expect, it } from 'vitest';
import { channelFor } from '../../src/alerts/routes.ts';

const routes = [
  { channel: 'CSHOP', unit: 'shop' },
  { channel: 'CTEAM', unit: 'team-*' },
];

it.each([
  ['shop', routes, 'CSHOP'],
  ['team-a', routes, 'CTEAM'],
  ['other', routes, 'CALL'],
  [undefined, routes, 'CALL'],
  [undefined, [...routes, { channel: 'CREST' }], 'CREST'],
  ['shop', [{ channel: 'CREST' }, ...routes], 'CREST'],
])('unit %s goes by the first route that matches', (unit, given, channel) => {
  expect(channelFor(given, unit, 'CALL')).toBe(channel);
});
