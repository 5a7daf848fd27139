import { expect, it } from 'vitest';
import { troubleOf } from '../../../src/declared/helm/pull.ts';

const digest = `sha256:${'4'.repeat(64)}`;
// every part of it has something in it that means trouble elsewhere
const reference = {
  repository: 'oci://tls-404.example.com:50404/denied',
  name: 'not-found',
  version: '4.0.3',
  digest,
};

it.each([
  [
    'Error: failed to do request: Head "https://tls-404.example.com:50404/v2/": http: server gave HTTP response to HTTPS client',
    'it speaks plain HTTP, which `plainHttp: true` would allow',
  ],
  [
    'Error: tls-404.example.com:50404/denied/not-found:4.0.3: not found',
    'the repository has no such chart or version',
  ],
  ['Error: basic credential not found', 'the repository refuses access'],
  ['Error: response status code 403: denied: inner words', 'the repository refuses access'],
  [
    'Error: tls: failed to verify certificate: x509: unknown authority',
    'the certificate of the repository is not trusted',
  ],
  ['Error: unexpected status code 503', 'the repository answers with an error'],
  [
    `Error: mismatch: expected digest ${digest}, got another`,
    'what the repository gives is not what it says it is',
  ],
  ['Error: dial tcp: lookup tls-404.example.com: no such host', 'the repository cannot be reached'],
])('%j is told as %j', (stderr, words) => {
  expect(troubleOf({ by: 'itself', stderr, stdout: Buffer.alloc(0) }, reference)).toBe(words);
});

it('what helm tells on standard output counts, and so does why it was ended', () => {
  const stdout = Buffer.from('...Unable to get an update (…): failed to fetch index.yaml : 401 Unauthorized');
  expect(troubleOf({ by: 'itself', stderr: 'Error: failed to update', stdout }, reference)).toBe(
    'the repository refuses access',
  );
  expect(troubleOf({ by: 'time', stderr: '', stdout: Buffer.alloc(0) }, reference)).toBe(
    'nothing came within a minute',
  );
});
