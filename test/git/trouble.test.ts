import { describe, expect, it } from 'vitest';
import { codeOf, gitFailure, looksCorrupt, scrub } from '../../src/git/trouble.ts';

describe('what git says is told apart', () => {
  it.each([
    ["fatal: unable to access 'http://h/': Could not resolve host: h", 'HF1201'],
    ["fatal: unable to access 'http://h/': Failed to connect to h port 80", 'HF1201'],
    ["fatal: unable to access 'http://h/': The requested URL returned error: 502", 'HF1201'],
    ['fatal: the remote end hung up unexpectedly', 'HF1201'],
    [
      'ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.',
      'HF1201',
    ],
    ["fatal: Authentication failed for 'http://h/'", 'HF1202'],
    ["fatal: could not read Username for 'http://h': terminal prompts disabled", 'HF1202'],
    ["fatal: unable to access 'http://h/': The requested URL returned error: 403", 'HF1202'],
    ['git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'HF1202'],
    ["remote: Not found.\nfatal: repository 'http://h/a.git/' not found", 'HF1203'],
    ["fatal: '/srv/x' does not appear to be a git repository", 'HF1203'],
    ["fatal: couldn't find remote ref refs/heads/main", 'HF1204'],
    ['fatal: bad revision', 'HF1206'],
    ['fatal: something new', 'HF1207'],
    ['', 'HF1207'],
  ])('%j', (stderr, code) => {
    expect(codeOf({ exitCode: 128, stderr })).toBe(code);
  });

  it('calls an endless command an unreachable remote', () => {
    expect(gitFailure('cannot fetch x', { exitCode: null, stderr: '' })).toMatchObject({
      code: 'HF1201',
      message: 'cannot fetch x: it took too long',
    });
  });

  it.each([
    'error: object file objects/ab/cd is empty',
    'error: packfile objects/pack/p.pack does not match index',
    'fatal: not a git repository: /mirror',
  ])('knows damage: %s', stderr => {
    expect(looksCorrupt({ exitCode: 128, stderr })).toBe(true);
  });
});

describe('what is shown of it', () => {
  it('is the complaint on one line, with what the remote said', () => {
    const stderr = "warning: x\nremote: Repository is archived.\nfatal: unable to access 'http://h/': no\n";
    expect(gitFailure('cannot fetch', { exitCode: 128, stderr }).message).toBe(
      'cannot fetch: no (remote: Repository is archived.)',
    );
  });

  it.each([
    ['https://mara:pw@h/x and http://t@h', [], 'https://h/x and http://h'],
    ['the token t0k here', ['t0k'], 'the token *** here'],
    ['red \u001b[31mtext\r\nnext\u202e', [], 'red [31mtext next'],
    ['x'.repeat(400), [], `${'x'.repeat(299)}…`],
  ])('has no secret and nothing that a terminal obeys: %j', (text, secrets, clean) => {
    expect(scrub(text, secrets)).toBe(clean);
  });
});
