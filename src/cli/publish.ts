import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure/failure.ts';
import { annotationsOf } from '../preview/annotations.ts';
import type { Preview } from '../preview/model.ts';
import { previewExitCode } from '../preview/model.ts';
import { type Conversation, putComment } from '../preview/publish/conversation.ts';
import { giteaConversation } from '../preview/publish/gitea.ts';
import { githubConversation, githubRequester, putCheckRun } from '../preview/publish/github.ts';
import { gitlabConversation } from '../preview/publish/gitlab.ts';
import { type PullPlace, placeFrom } from '../preview/publish/place.ts';
import { previewSchema } from '../preview/schema.ts';
import { verdictLine } from '../preview/words.ts';

export interface PublishOptions {
  forge?: string;
  url?: string;
  repository?: string;
  pull?: string;
  head?: string;
  author: string;
  check?: boolean;
}

/** `holdfast publish`: puts the files of `holdfast preview --out` on the pull request. Changes nothing but its own comment and check. */
export async function publish(folder: string, options: PublishOptions): Promise<number> {
  const { author, check, ...given } = options;
  const place = placeFrom(given, process.env);
  const comment = await text(folder, 'comment.md');
  const done = await putComment(conversationOf(place, author), comment);
  process.stdout.write(`The comment on ${place.repository}#${place.pull} is ${done}.\n`);
  if (check === true && place.forge === 'github') {
    const preview = await previewIn(folder);
    await putCheckRun(githubRequester(place), place, {
      conclusion: (['success', 'failure', 'neutral'] as const)[previewExitCode(preview)],
      title: verdictLine(preview),
      summary: await text(folder, 'summary.md'),
      annotations: annotationsOf(preview),
    });
    process.stdout.write(`The check run holdfast/preview is on ${place.head.slice(0, 12)}.\n`);
  }
  return 0;
}

function conversationOf(place: PullPlace, author: string): Conversation {
  switch (place.forge) {
    case 'github':
      return githubConversation(githubRequester(place), place, author);
    case 'gitea':
      return giteaConversation(place);
    case 'gitlab':
      return gitlabConversation(place);
  }
}

async function text(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    throw new Failure('HF1105', 'there is no such file: run `holdfast preview --out` first', {
      where: { file: join(folder, name) },
      cause: error,
    });
  }
}

async function previewIn(folder: string): Promise<Preview> {
  const read = previewSchema.safeParse(JSON.parse(await text(folder, 'preview.json')));
  if (read.success) return read.data as unknown as Preview;
  throw new Failure('HF1105', 'it is no preview', { where: { file: join(folder, 'preview.json') } });
}
