import { Limit } from '../../concurrency/limit.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import { type ChildEnd, type ChildLimits, runChild } from '../../programs/child.ts';
import { createWorkspace, type Workspace } from '../../programs/workspace.ts';
import { hashText } from '../hash.ts';
import type { SourceTree } from '../tree.ts';
import { asksForOrigins, withOrigins } from './build-metadata.ts';
import { type Rendered, readOutput } from './output.ts';
import { findKustomize, type KustomizeProgram } from './program.ts';
import type { Reach } from './reach.ts';
import { RenderedSources } from './sources.ts';
import { wordsOf } from './words.ts';

/** Why a kustomization was not rendered. */
export interface NotRendered {
  failure: Failure;
  /** Trying again may help: a limit was used up, or the program is missing. Otherwise the files must change. */
  passing: boolean;
}

export type Rendering = Rendered | NotRendered;

export const renderLimits: ChildLimits = {
  timeMs: 120_000,
  outputBytes: 64 * 1024 * 1024,
  memoryBytes: 2 * 1024 * 1024 * 1024,
};

/** Children of all units and trees together. */
const pool = new Limit(2);

/** Equal exactly when every file that rendering can read is equal, and stands at the same place. */
export function renderKey({ folder, files }: Reach): string {
  return hashText(JSON.stringify(['kustomize', folder, files.map(({ path, content }) => [path, content])]));
}

export function isRendered(rendering: Rendering): rendering is Rendered {
  return 'objects' in rendering;
}

/** Renders a kustomization that nothing speaks against, in a private copy of the files that it reaches. Never throws. */
export async function render(
  tree: SourceTree,
  reach: Reach,
  options: { limits?: ChildLimits; environment?: NodeJS.ProcessEnv } = {},
): Promise<Rendering> {
  const root = reach.kustomizations.get(reach.folder);
  const where = { file: root?.file.path ?? reach.folder, line: 1 };
  try {
    const program = await findKustomize(options.environment);
    const bytes = await tree.read(reach.files.map(({ path }) => path));
    const copies = new Map(bytes);
    if (root !== undefined) copies.set(root.file.path, withOrigins(root));
    const { end, clean } = await pool.run(() =>
      runIn(copies, program, reach, options.limits ?? renderLimits),
    );
    if (end.by !== 'itself' || end.exitCode !== 0)
      return notRendered(end, wordsOf(end.stderr, reach, bytes, clean), where);
    const sources = new RenderedSources(reach, bytes);
    const keep = root !== undefined && asksForOrigins(root);
    const rendered = readOutput(end.stdout, keep, (origin, kind, name) => sources.of(origin, kind, name));
    return saysNothing(rendered)
      ? { failure: new Failure('HF1106', nothing, { where }), passing: false }
      : rendered;
  } catch (error) {
    const failure = toFailure(error, 'HF1106');
    const { code, message } = failure;
    return { failure: new Failure(code, message, { where, cause: error }), passing: true };
  }
}

const nothing = 'it renders to no object at all, which is not taken to mean that nothing should be there';

function saysNothing({ objects, problems, foreign }: Rendered): boolean {
  return objects.length + problems.length + foreign.length === 0;
}

async function runIn(
  files: ReadonlyMap<string, Buffer>,
  program: KustomizeProgram,
  reach: Reach,
  limits: ChildLimits,
): Promise<{ end: ChildEnd; clean: Workspace['clean'] }> {
  const workspace = await createWorkspace(files);
  try {
    const restrictor = reach.loadsAbove ? 'LoadRestrictionsNone' : 'LoadRestrictionsRootOnly';
    const args = [...program.args, '.', `--load-restrictor=${restrictor}`];
    const folder = `${workspace.tree}/${reach.folder}`;
    const environment = environmentIn(workspace, limits);
    return {
      end: await runChild(program.path, args, { folder, environment }, limits),
      clean: workspace.clean,
    };
  } finally {
    await workspace.remove();
  }
}

/** No program is on its path, so none can be run; what asks for the network is sent to a port where nobody listens. */
function environmentIn({ home }: Workspace, limits: ChildLimits): Record<string, string> {
  const nowhere = 'http://127.0.0.1:1';
  return {
    PATH: home,
    HOME: home,
    TMPDIR: home,
    KUBECONFIG: '/dev/null',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    LC_ALL: 'C',
    GOMAXPROCS: '2',
    GOMEMLIMIT: String(Math.floor(limits.memoryBytes / 2)),
  };
}

function notRendered(end: ChildEnd, words: string, where: { file: string; line: number }): NotRendered {
  const failed = (what: string, passing: boolean) => ({
    failure: new Failure('HF1106', what, { where }),
    passing,
  });
  switch (end.by) {
    case 'time':
      return failed('rendering took too long and was ended', true);
    case 'output':
      return failed('rendering gives more than may be (64 MiB) and was ended', false);
    case 'memory':
      return failed('rendering needs more memory than it may have and was ended', true);
    case 'start':
      return failed('kustomize could not be started', true);
    case 'signal':
    case 'itself':
      if (end.exitCode === null) return failed('kustomize was ended from outside', true);
      return failed(`kustomize says: ${words}`, false);
  }
}
