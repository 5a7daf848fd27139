import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Annotation } from '../../src/preview/annotations.ts';
import { previewFiles } from '../../src/preview/files.ts';
import { putComment } from '../../src/preview/publish/conversation.ts';
import { githubConversation, githubRequester, putCheckRun } from '../../src/preview/publish/github.ts';
import { gitlabConversation } from '../../src/preview/publish/gitlab.ts';
import { type PullPlace, placeFrom } from '../../src/preview/publish/place.ts';
import { type FakeComments, startFakeComments } from '../fakes/comments/server.ts';
import { configMap, previewed } from './sample.ts';

const token = 'a-token-of-a-test';
const marker = '<!-- holdfast:preview environment=prod -->';
const head = 'c'.repeat(40);
let fake: FakeComments;
let place: PullPlace;

beforeEach(async () => {
  fake = await startFakeComments({ token, login: 'holdfast[bot]' });
  place = { forge: 'github', url: fake.url, repository: 'acme/infra', pull: 7, head, token };
});
afterEach(() => fake.close());

const conversations = {
  github: () => githubConversation(githubRequester(place), place, 'holdfast[bot]'),
  gitlab: () => gitlabConversation(place),
};

describe.each(['github', 'gitlab'] as const)('the comment on %s', forge => {
  const put = (body: string) => putComment(conversations[forge](), body);

  it('is written once and then edited', async () => {
    expect(await put(`${marker}\none`)).toBe('created');
    expect(await put(`${marker}\ntwo`)).toBe('updated');
    expect(await put(`${marker}\ntwo`)).toBe('unchanged');
    expect(fake.comments.map(({ body }) => body)).toEqual([`${marker}\ntwo`]);
  });

  it('is never one that somebody else marked', async () => {
    fake.comments.push({ id: 1, author: 'mallory', body: `${marker}\nall is well` });
    expect(await put(`${marker}\none`)).toBe('created');
    expect(fake.comments[0]?.body).toBe(`${marker}\nall is well`);
  });

  it('is not one of ours about something else, or that only quotes the marker', async () => {
    fake.comments.push({ id: 1, author: 'holdfast[bot]', body: marker.replace('prod', 'staging') });
    fake.comments.push({ id: 2, author: 'holdfast[bot]', body: `> ${marker}` });
    expect(await put(`${marker}\none`)).toBe('created');
  });

  it('is found behind hundreds of others', async () => {
    for (let id = 1; id <= 230; id += 1) fake.comments.push({ id, author: 'somebody', body: 'hm' });
    await put(`${marker}\none`);
    expect(await put(`${marker}\ntwo`)).toBe('updated');
    expect(fake.comments).toHaveLength(231);
  });
});

describe('the check run', () => {
  it('holds all annotations, fifty at a time', async () => {
    const annotations = [...Array(120).keys()].map(
      (line): Annotation => ({
        path: 'a.yaml',
        start_line: line + 1,
        end_line: line + 1,
        annotation_level: 'warning',
        title: 'title',
        message: 'message',
      }),
    );

    await putCheckRun(githubRequester(place), place, {
      conclusion: 'success',
      title: 'one changed',
      summary: '𝒳'.repeat(70_000),
      annotations,
    });

    expect(fake.checks).toMatchObject([{ body: { name: 'holdfast/preview', head_sha: head } }]);
    expect(fake.checks[0]?.annotations).toEqual(annotations);
  });
});

describe('where CI runs', () => {
  it.each([
    [
      'GitHub Actions',
      {
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'acme/infra',
        GITHUB_REF: 'refs/pull/7/merge',
        GITHUB_TOKEN: token,
      },
      { forge: 'github', repository: 'acme/infra', pull: 7 },
    ],
    [
      'GitLab CI',
      {
        GITLAB_CI: 'true',
        CI_SERVER_URL: 'https://gitlab.example.com',
        CI_PROJECT_PATH: 'acme/sub/infra',
        CI_MERGE_REQUEST_IID: '7',
        HOLDFAST_COMMENT_TOKEN: token,
      },
      { forge: 'gitlab', repository: 'acme/sub/infra', pull: 7 },
    ],
  ])('is known from the environment of %s', (_name, env, expected) => {
    expect(placeFrom({ head }, env)).toMatchObject(expected);
  });

  it('is asked for by the name of what is missing', () => {
    expect(() => placeFrom({}, {})).toThrow(/pull is not known here.*head is not known here/s);
  });
});

describe('the files of a preview', () => {
  it('have the marker of their environment first in the comment', async () => {
    const found = await previewed(
      { 'manifests/shop/a.yaml': configMap('a') },
      { 'manifests/shop/a.yaml': configMap('a', 'c') },
    );
    expect(previewFiles({ ...found, environment: 'prod' }, undefined).get('comment.md')).toMatch(
      /^<!-- holdfast:preview environment=prod -->\n/,
    );
  });
});
