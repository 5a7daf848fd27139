import { describe, expect, it } from 'vitest';
import { type Judging, RevisionKeeper } from '../../src/daemon/revisions.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { defaultSettings, type Settings } from '../../src/declared/settings.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Authorization, Policy } from '../../src/gate/authorization.ts';
import type { Repository } from '../../src/git/repository.ts';

const sha = (digit: string) => digit.repeat(40);
const [root, good, bad, later] = [sha('a'), sha('b'), sha('c'), sha('d')];

const authorized = (from: string, revision: string): Authorization => ({
  verdict: 'authorized',
  from,
  revision,
  pulls: [],
  digest: 'x',
});
const denied = (from: string, revision: string, upTo = from): Authorization => ({
  verdict: 'denied',
  from,
  revision,
  upTo,
  pulls: [],
  digest: 'x',
  reasons: [{ code: 'no-pr', message: 'no merged pull request explains it', commits: [revision] }],
});
const unknown = (from: string, revision: string): Authorization => ({
  verdict: 'unknown',
  from,
  revision,
  upTo: from,
  retryAfterMs: 700,
  reasons: [{ code: 'HF1401', message: 'the forge is away', commits: [revision] }],
});

/** A world whose branch, forge and files the test sets; it counts what it is asked. */
function world() {
  const state = {
    tip: root as string | Failure,
    clock: 0,
    verdicts: new Map<string, Authorization>(),
    broken: new Map<string, Failure>(),
    ledger: [] as Authorization[],
    chain: async () => [root] as string[],
    append: async (_verdict: Authorization): Promise<void> => {},
    judged: [] as { from: string; to: string; policy: Policy; seenForMs: number | undefined }[],
    policies: new Map<string, number>(),
    away: undefined as Failure | undefined,
  };
  const append = async (verdict: Authorization) => {
    await state.append(verdict);
    state.ledger.push(verdict);
  };
  const gate: Judging = {
    judge: async (from, to, policy, seenForMs) => {
      state.judged.push({ from, to, policy, seenForMs });
      return state.verdicts.get(to) ?? authorized(from, to);
    },
    reach: async () => {
      if (state.away !== undefined) throw state.away;
    },
    ledger: { chain: () => state.chain(), append },
  };
  const settings = async (revision: string): Promise<Settings> => {
    const failure = state.broken.get(revision);
    if (failure?.code === 'HF1104') throw failure;
    const policy = { ...defaultSettings.policy, approvals: state.policies.get(revision) ?? 1 };
    return { ...defaultSettings, policy };
  };
  const declare = async (revision: string): Promise<Declaration> => {
    const failure = state.broken.get(revision);
    if (failure !== undefined) throw failure;
    return { revision, settings: await settings(revision), units: [] };
  };
  const fetch = async () => {
    if (state.tip instanceof Failure) throw state.tip;
    return state.tip;
  };
  // one line of revisions, by their letters
  const isAncestor = async (one: string, other: string) => one <= other;
  const repository = { fetch, isAncestor } as unknown as Repository;
  const parts = { repository, declare, settings, now: () => state.clock };
  return {
    state,
    keeper: new RevisionKeeper({ ...parts, gate }),
    alertOnly: new RevisionKeeper({ ...parts, gate: undefined }),
  };
}

describe('a keeper of revisions', () => {
  it('declares the trust root first', async () => {
    const { keeper } = world();
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      tipState: 'authorized',
      declaration: { revision: root },
      problems: [],
    });
  });

  it('goes on from what another process wrote down, once it is to read that anew', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.chain = async () => [later, good, root];
    state.tip = later;
    state.verdicts.set(later, unknown(root, later));
    expect(await keeper.step()).toMatchObject({ authorized: root, tipState: 'pending' });
    keeper.reread();
    expect(await keeper.step()).toMatchObject({
      authorized: later,
      tipState: 'authorized',
      declaration: { revision: later },
      problems: [],
    });
  });

  it('stays where it is when the ledger was set back', async () => {
    const { keeper, state } = world();
    state.chain = async () => [good, root];
    state.tip = good;
    await keeper.step();
    state.chain = async () => [root];
    keeper.reread();
    expect(await keeper.step()).toMatchObject({ authorized: good, declaration: { revision: good } });
  });

  it('moves to a tip that the gate authorizes, and writes the verdict down', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    expect(await keeper.step()).toMatchObject({
      authorized: good,
      tipState: 'authorized',
      declaration: { revision: good },
    });
    expect(state.ledger).toEqual([authorized(root, good)]);
  });

  it('stays where it is when the gate denies the tip, and says why', async () => {
    const { keeper, state } = world();
    state.tip = bad;
    state.verdicts.set(bad, denied(root, bad));
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      tipState: 'refused',
      denial: { revision: bad },
      declaration: { revision: root },
    });
    expect(state.ledger).toEqual([denied(root, bad)]);
  });

  it.each([
    ['denied', denied(root, bad)],
    ['denied in part', denied(root, bad, good)],
  ])('knows that a tip is %s also when the verdict cannot be written down', async (_what, verdict) => {
    const { keeper, state } = world();
    state.tip = bad;
    state.verdicts.set(bad, verdict);
    state.append = async () => {
      throw new Failure('HF1306', 'the server does not take it');
    };
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      tipState: 'refused',
      denial: { revision: bad },
      problems: [{ origin: 'cluster' }],
    });
  });

  it('applies the part of a denied range that is authorized', async () => {
    const { keeper, state } = world();
    state.tip = bad;
    state.verdicts.set(bad, denied(root, bad, good));
    expect(await keeper.step()).toMatchObject({
      authorized: good,
      tipState: 'refused',
      declaration: { revision: good },
    });
  });

  it('judges nothing by an older policy while the last authorized revision cannot be read', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    state.policies.set(good, 2);
    state.broken.set(good, new Failure('HF1207', 'the object store cannot be read'));
    expect(await keeper.step()).toMatchObject({ authorized: good, declaration: { revision: root } });
    state.tip = later;
    expect(await keeper.step()).toMatchObject({ authorized: good });
    state.broken.clear();
    expect(await keeper.step()).toMatchObject({ authorized: later });
    expect(state.judged.map(({ to, policy }) => [to, policy.approvals])).toEqual([
      [good, 1],
      [later, 2],
    ]);
  });

  it('takes the policy from the last authorized revision, never from the one that is judged', async () => {
    const { keeper, state } = world();
    state.policies.set(root, 3).set(good, 1);
    state.tip = good;
    await keeper.step();
    expect(state.judged.map(({ policy }) => policy.approvals)).toEqual([3]);
  });

  it('says how long the tip has been there, so that a lagging forge alarms nobody', async () => {
    const { keeper, state } = world();
    state.tip = good;
    state.clock = 1_000;
    state.verdicts.set(good, unknown(root, good));
    await keeper.step();
    state.clock = 4_000;
    await keeper.step();
    expect(state.judged.map(({ seenForMs }) => seenForMs)).toEqual([0, 3_000]);
  });

  it('keeps a tip pending while nobody can say, and asks again when told to', async () => {
    const { keeper, state } = world();
    state.tip = good;
    state.verdicts.set(good, unknown(root, good));
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      tipState: 'pending',
      retryMs: 700,
      problems: [{ origin: 'forge', failure: { code: 'HF1401' } }],
    });
    state.verdicts.delete(good);
    expect(await keeper.step()).toMatchObject({ authorized: good, tipState: 'authorized', problems: [] });
  });

  it('does not judge a refused tip at every look, but does so again after a while', async () => {
    const { keeper, state } = world();
    state.tip = bad;
    state.verdicts.set(bad, denied(root, bad));
    await keeper.step();
    await keeper.step();
    expect(state.judged).toHaveLength(1);
    state.clock = 60_000;
    state.verdicts.delete(bad);
    expect(await keeper.step()).toMatchObject({ authorized: bad, tipState: 'authorized', denial: null });
  });

  it('keeps everything while the remote is away', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = new Failure('HF1201', 'no route');
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      declaration: { revision: root },
      problems: [{ origin: 'git', failure: { code: 'HF1201' } }],
    });
  });

  it('tells of the remote that is away, and not of the revision that it therefore does not have', async () => {
    const { keeper, state } = world();
    state.tip = new Failure('HF1201', 'no route');
    state.broken.set(root, new Failure('HF1206', 'not there'));
    expect(await keeper.step()).toMatchObject({
      problems: [{ origin: 'git', failure: { code: 'HF1201' } }],
    });
  });

  it('names the setting when the repository does not have the trust root', async () => {
    const { keeper, state } = world();
    state.broken.set(root, new Failure('HF1206', 'not there'));
    const { problems } = await keeper.step();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.failure.line).toContain(`HOLDFAST_TRUST_ROOT ${root}`);
  });

  it('starts from the ledger although the remote is away', async () => {
    const { keeper, state } = world();
    state.tip = new Failure('HF1201', 'no route');
    state.chain = async () => [good, root];
    expect(await keeper.step()).toMatchObject({ authorized: good, declaration: { revision: good } });
  });

  it('waits for the ledger when the cluster is away at the start', async () => {
    const { keeper, state } = world();
    const chain = state.chain;
    state.chain = async () => {
      throw new Failure('HF1301', 'no route');
    };
    expect(await keeper.step()).toMatchObject({
      authorized: null,
      declaration: null,
      problems: [{ origin: 'cluster' }],
    });
    state.chain = chain;
    expect(await keeper.step()).toMatchObject({ authorized: root, problems: [] });
  });

  it('keeps the last good declaration when an authorized holdfast.yaml is wrong, and still judges what mends it', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    state.broken.set(
      good,
      new Failure('HF1104', 'no such key', { where: { file: 'holdfast.yaml', line: 3 } }),
    );
    expect(await keeper.step()).toMatchObject({
      authorized: good,
      declaration: { revision: root },
      problems: [{ origin: 'declaration' }],
    });
    state.tip = later;
    expect(await keeper.step()).toMatchObject({
      authorized: later,
      declaration: { revision: later },
      problems: [],
    });
  });

  it('keeps the last declaration when an authorized revision does not know the environment, and judges what mends it', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    state.broken.set(good, new Failure('HF1001', 'the environment is none of those in holdfast.yaml'));
    expect(await keeper.step()).toMatchObject({
      authorized: good,
      declaration: { revision: root },
      problems: [{ origin: 'declaration' }],
    });
    state.tip = later;
    expect(await keeper.step()).toMatchObject({ authorized: later, declaration: { revision: later } });
  });

  it('judges by the policy of an authorized revision that does not know the environment, and by that of no older one', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    state.policies.set(good, 3);
    state.broken.set(good, new Failure('HF1001', 'the environment is none of those in holdfast.yaml'));
    await keeper.step();
    state.tip = bad;
    state.broken.set(bad, new Failure('HF1104', 'no such key'));
    await keeper.step();
    state.tip = later;
    await keeper.step();

    const asked = state.judged.map(({ to, policy }) => [to, policy.approvals]);
    expect(asked).toEqual([
      [good, 1],
      [bad, 3],
      [later, 3],
    ]);
  });

  it('judges what mends it also after a start', async () => {
    const { keeper, state } = world();
    state.tip = later;
    state.chain = async () => [good, root];
    state.policies.set(good, 3);
    state.broken.set(good, new Failure('HF1001', 'the environment is none of those in holdfast.yaml'));

    expect(await keeper.step()).toMatchObject({ authorized: later, declaration: { revision: later } });
    expect(state.judged).toMatchObject([{ from: good, to: later, policy: { approvals: 3 } }]);
  });

  it('starts with no older declaration when the newest does not know the environment', async () => {
    const { keeper, state } = world();
    state.tip = good;
    state.chain = async () => [good, root];
    state.broken.set(good, new Failure('HF1001', 'the environment is none of those in holdfast.yaml'));
    expect(await keeper.step()).toMatchObject({ declaration: null, problems: [{ origin: 'declaration' }] });
  });

  it('starts with the last good declaration of the ledger when the newest is wrong', async () => {
    const { keeper, state } = world();
    state.tip = good;
    state.chain = async () => [good, root];
    state.policies.set(root, 2);
    state.broken.set(good, new Failure('HF1104', 'no such key'));
    expect(await keeper.step()).toMatchObject({ authorized: good, declaration: { revision: root } });
    state.tip = later;
    await keeper.step();
    expect(state.judged.map(({ policy }) => policy.approvals)).toEqual([2]);
  });

  it('does not move when the verdict cannot be written down', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    const push = state.ledger.push;
    state.ledger.push = () => {
      throw new Failure('HF1301', 'no route');
    };
    expect(await keeper.step()).toMatchObject({
      authorized: root,
      declaration: { revision: root },
      problems: [{ origin: 'cluster' }],
    });
    state.ledger.push = push;
    expect(await keeper.step()).toMatchObject({ authorized: good });
  });

  it('asks the forge itself whether it answers, where nothing is to be judged', async () => {
    const { keeper, state } = world();
    state.away = new Failure('HF1401', 'down');
    expect(await keeper.step()).toMatchObject({
      forgeAnswers: false,
      problems: [{ origin: 'forge', failure: { code: 'HF1401' } }],
    });
    state.away = undefined;
    expect(await keeper.step()).toMatchObject({ forgeAnswers: true, problems: [] });
  });

  it('does not take the forge to answer again because the tip went back to what is authorized', async () => {
    const { keeper, state } = world();
    await keeper.step();
    state.tip = good;
    state.verdicts.set(good, unknown(root, good));
    state.away = new Failure('HF1401', 'down');
    expect(await keeper.step()).toMatchObject({ forgeAnswers: false });
    state.tip = root;
    expect(await keeper.step()).toMatchObject({
      forgeAnswers: false,
      tipState: 'authorized',
      problems: [{ origin: 'forge' }],
    });
    state.away = undefined;
    expect(await keeper.step()).toMatchObject({ forgeAnswers: true, problems: [] });
  });

  it('does not take a branch that was moved back for an answer of the forge', async () => {
    const { keeper, state } = world();
    const rewind = { code: 'rewind', message: 'moved back', commits: [bad] };
    state.tip = bad;
    state.verdicts.set(bad, { ...denied(root, bad), reasons: [rewind] } as Authorization);
    state.away = new Failure('HF1401', 'down');
    expect(await keeper.step()).toMatchObject({ tipState: 'refused', problems: [{ origin: 'forge' }] });
  });

  it('follows the tip without a forge', async () => {
    const { alertOnly, state } = world();
    await alertOnly.step();
    state.tip = bad;
    expect(await alertOnly.step()).toMatchObject({
      authorized: bad,
      tipState: 'authorized',
      declaration: { revision: bad },
    });
    expect(state.judged).toEqual([]);
  });
});
