import { describe, expect, it } from 'vitest';
import type { Asker } from '../../src/alerts/slack/inbound/payload.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Permission } from '../../src/forge/proposals.ts';
import { type PermitRules, permit } from '../../src/requests/permit.ts';

const asker: Asker = { team: 'T0OURS', channel: 'C0OPS', user: 'U0ALICE', bot: false };
const asked: string[] = [];
const rules: PermitRules = {
  team: 'T0OURS',
  settings: { channels: ['C0OPS'], users: { U0ALICE: 'alice' } },
  permissionOf: async login => {
    asked.push(login);
    return 'write';
  },
};
const saying = (permission: Permission): Partial<PermitRules> => ({ permissionOf: async () => permission });

describe('who may ask', () => {
  it('is whom the map names, in our workspace and an allowed channel, with write permission now', async () => {
    expect(await permit(asker, rules)).toEqual({ login: 'alice' });
    expect(await permit(asker, { ...rules, ...saying('admin') })).toEqual({ login: 'alice' });
    expect(asked).toEqual(['alice']);
  });

  it.each<[string, string, Partial<Asker>, Partial<PermitRules>]>([
    ['a bot', 'HF1741', { bot: true }, {}],
    ['another workspace', 'HF1741', { team: 'T0THEIRS' }, {}],
    ['a guest from another workspace', 'HF1741', { userTeam: 'T0THEIRS' }, {}],
    ['no workspace that is set', 'HF1741', { team: '' }, { team: '' }],
    ['another organization', 'HF1741', { enterprise: 'E0THEIRS' }, { team: 'E0OURS' }],
    ['no organization', 'HF1741', {}, { team: 'E0OURS' }],
    ['no authorized revision', 'HF1745', {}, { settings: undefined }],
    ['another channel', 'HF1742', { channel: 'C0LUNCH' }, {}],
    ['no channels', 'HF1742', {}, { settings: { channels: [], users: { U0ALICE: 'alice' } } }],
    ['another account', 'HF1743', { user: 'U0MALLORY' }, {}],
    ['no users', 'HF1743', {}, { settings: { channels: ['C0OPS'], users: {} } }],
    ['an account like a property', 'HF1743', { user: '__proto__' }, {}],
    ['an account like a method', 'HF1743', { user: 'constructor' }, {}],
    ['a reader', 'HF1744', {}, saying('read')],
    ['a stranger to the forge', 'HF1744', {}, saying('none')],
    ['no forge', 'HF1745', {}, { permissionOf: undefined }],
  ])('is not %s', async (_what, code, who, how) => {
    expect(await permit({ ...asker, ...who }, { ...rules, ...how })).toMatchObject({ code });
  });

  it('is nobody while the forge cannot say', async () => {
    const permissionOf = async () => {
      throw new Failure('HF1401', 'down');
    };
    expect(await permit(asker, { ...rules, permissionOf })).toMatchObject({ code: 'HF1745', login: 'alice' });
  });

  it('is anybody of the organization, where that is what is set', async () => {
    const inOrganization = { ...asker, team: 'T0ANY', enterprise: 'E0OURS', userTeam: 'T0ANY' };
    expect(await permit(inOrganization, { ...rules, team: 'E0OURS' })).toEqual({ login: 'alice' });
  });

  it('is asked in this order: no map for a wrong channel, no forge for an unknown account', async () => {
    const before = asked.length;
    const wrong = { ...asker, channel: 'C0LUNCH', user: 'U0MALLORY' };
    expect(await permit(wrong, rules)).toMatchObject({ code: 'HF1742' });
    expect(await permit({ ...wrong, team: 'T0THEIRS' }, rules)).toMatchObject({ code: 'HF1741' });
    await permit({ ...asker, user: 'U0MALLORY' }, rules);
    expect(asked).toHaveLength(before);
  });

  it('is told how to be added', async () => {
    const answer = await permit({ ...asker, user: 'U0MALLORY' }, rules);
    expect(answer).toMatchObject({ words: expect.stringContaining('`U0MALLORY: <your login>`') });
    expect(answer).toMatchObject({ words: expect.stringContaining('alerts.slack.users') });
  });
});
