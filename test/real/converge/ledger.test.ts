import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { AuthorizationLedger, type LedgerPlace } from '../../../src/converge/ledger.ts';
import type { Authorization } from '../../../src/gate/authorization.ts';
import { mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { installCrds, openConnection } from './support.ts';

const sha = (letter: string) => letter.repeat(40);
const pull = { number: 7, url: 'u', title: 't', author: 'ann', approvers: ['bob'], mergeCommit: sha('b') };
let cluster: Cluster;
let place: LedgerPlace;

beforeAll(async () => {
  await installCrds();
  cluster = new Cluster(await openConnection());
});

beforeEach(async () => {
  place = {
    namespace: await uniqueNamespace('ledger'),
    repository: '12',
    branch: 'main',
    trustRoot: sha('a'),
  };
});

const authorized = (from: string, revision: string): Authorization => ({
  verdict: 'authorized',
  from: sha(from),
  revision: sha(revision),
  pulls: [pull],
  digest: 'd',
});
const ledger = (more: Partial<LedgerPlace> = {}) => new AuthorizationLedger(cluster, { ...place, ...more });

it('starts with the trust root alone', async () => {
  expect(await ledger().chain()).toEqual([sha('a')]);
});

it('keeps authorized verdicts as a chain, newest first, over a restart', async () => {
  await ledger().append(authorized('a', 'b'));
  await ledger().append(authorized('b', 'c'));

  expect(await ledger().chain()).toEqual([sha('c'), sha('b'), sha('a')]);
});

it('stores the same verdict once', async () => {
  await ledger().append(authorized('a', 'b'));
  await ledger().append(authorized('a', 'b'));

  const names = await mustKubectl('get', 'authorizations', '-n', place.namespace, '-o', 'name');
  expect(names.trim().split('\n')).toHaveLength(1);
});

it('keeps denied verdicts with their reasons, and never follows them', async () => {
  await ledger().append({
    verdict: 'denied',
    from: sha('a'),
    revision: sha('b'),
    reasons: [{ code: 'no-pr', message: 'pushed directly', commits: [sha('b')] }],
    pulls: [],
    digest: 'd',
    upTo: sha('a'),
  });

  expect(await ledger().chain()).toEqual([sha('a')]);
  expect(await mustKubectl('get', 'authorizations', '-n', place.namespace)).toContain('pushed directly');
});

it('stores nothing of a verdict that is unknown', async () => {
  await ledger().append({
    verdict: 'unknown',
    from: sha('a'),
    revision: sha('b'),
    reasons: [],
    upTo: sha('a'),
    retryAfterMs: 1,
  });

  expect(await mustKubectl('get', 'authorizations', '-n', place.namespace, '-o', 'name')).toBe('');
});

it('does not follow the verdicts on another repository or branch', async () => {
  await ledger({ repository: '13' }).append(authorized('a', 'b'));
  await ledger({ branch: 'dev' }).append(authorized('a', 'c'));

  expect(await ledger().chain()).toEqual([sha('a')]);
});
