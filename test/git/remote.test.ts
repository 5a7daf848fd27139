import { describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../src/git/environment.ts';
import { remoteOf } from '../../src/git/remote.ts';

function header(pair: string): string {
  return `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('an address', () => {
  it.each([
    ['https://git.example.com/shop.git', undefined, 'https://git.example.com/shop.git', undefined],
    ['https://git.example.com/shop.git', 't0k', 'https://git.example.com/shop.git', 'x-access-token:t0k'],
    ['https://mara@git.example.com/shop.git', 't0k', 'https://git.example.com/shop.git', 'mara:t0k'],
    [
      'https://mara:pa%3Ass@git.example.com/shop.git',
      undefined,
      'https://git.example.com/shop.git',
      'mara:pa:ss',
    ],
    ['https://t0k@git.example.com/shop.git', undefined, 'https://git.example.com/shop.git', 't0k:'],
    [
      'ssh://git@git.example.com:2222/shop.git',
      undefined,
      'ssh://git@git.example.com:2222/shop.git',
      undefined,
    ],
    ['git@git.example.com:team/shop.git', undefined, 'git@git.example.com:team/shop.git', undefined],
    ['file:///srv/shop.git', undefined, 'file:///srv/shop.git', undefined],
    ['/srv/shop.git', undefined, '/srv/shop.git', undefined],
  ])('%s with the token %s', (url, token, shown, pair) => {
    const remote = remoteOf({ url, branch: 'main', token });

    expect(remote.url).toBe(shown);
    expect(remote.config.map(([, value]) => value)).toEqual(pair === undefined ? [] : [header(pair)]);
    for (const secret of remote.secrets) expect(remote.url).not.toContain(secret);
  });

  it('gives its credentials to its own host only', () => {
    const [[key] = []] = remoteOf({
      url: 'https://git.example.com:8443/a/b.git',
      branch: 'main',
      token: 't',
    }).config;
    expect(key).toBe('http.https://git.example.com:8443/.extraHeader');
  });

  it.each([
    '',
    'ext::sh -c x',
    '-u',
    '--upload-pack=x',
    'git://x/y',
    'fd::3',
    'https://x y',
    'http:',
    'ssh://a:secret@b/c',
    'x\ny:z',
  ])('is refused without being repeated: %j', url => {
    expect(() => remoteOf({ url, branch: 'main' })).toThrow('URL must be https, http, ssh, file or a path');
  });
});

describe('a branch', () => {
  it.each(['main', 'release/1.2', 'a_b-c', 'ünïcode'])('may be called %s', branch => {
    expect(remoteOf({ url: '/x', branch }).branch).toBe(branch);
  });

  it.each([
    '',
    '-x',
    '--force',
    'a..b',
    'a b',
    'a:b',
    'a^',
    'a~1',
    '@',
    'a@{1}',
    '/a',
    'a/',
    'a//b',
    'a.lock',
    '.a',
    'a/.b',
    'a*',
    'a\nb',
  ])('may not be called %j', branch => {
    expect(() => remoteOf({ url: '/x', branch })).toThrow('name that Git does not allow');
  });
});

describe('the environment of git', () => {
  const inherited = {
    PATH: '/bin',
    GIT_DIR: '/evil',
    GIT_ASKPASS: '/evil',
    GIT_TRACE: '1',
    LD_PRELOAD: 'x',
    HOME: '/home/x',
  };

  it('holds nothing that was not chosen', () => {
    const environment = gitEnvironment([['a.b', 'c']], { directory: '/mirror', own: true }, inherited);
    expect(environment).toMatchObject({
      PATH: '/bin',
      HOME: '/home/x',
      GIT_DIR: '/mirror',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    });
    for (const name of ['GIT_ASKPASS', 'GIT_TRACE', 'LD_PRELOAD'])
      expect(environment).not.toHaveProperty(name);
    const last = Number(environment['GIT_CONFIG_COUNT']) - 1;
    expect(environment[`GIT_CONFIG_KEY_${last}`]).toBe('a.b');
  });

  it('leaves a person’s own configuration in force for a checkout', () => {
    expect(gitEnvironment([], { own: false }, inherited)).not.toHaveProperty('GIT_CONFIG_GLOBAL');
  });
});
