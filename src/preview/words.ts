import { untilWords } from '../converge/freeze/hold.ts';
import { attributionWords, plural, sourceWords, valueWords } from '../report/words.ts';
import type { FieldPreview, Preview, ResourcePreview, Risk, UnitPreview } from './model.ts';
import { type Action, countActions } from './model.ts';

/** A sign and a word for each action; colour is never the only sign. */
export const actionSigns: Record<Action, { sign: string; word: string; done: string }> = {
  remove: { sign: '-', word: 'remove', done: 'removed' },
  recreate: { sign: '!', word: 'recreate', done: 'recreated' },
  change: { sign: '~', word: 'change', done: 'changed' },
  create: { sign: '+', word: 'create', done: 'created' },
  none: { sign: '=', word: 'nothing', done: 'so already' },
};

export const actionOrder: readonly Action[] = ['remove', 'recreate', 'change', 'create', 'none'];

export const riskWords: Record<Risk, string> = {
  removal: 'removal',
  recreation: 'recreation',
  access: 'access rights',
  definition: 'API definition',
  admission: 'admission control',
  secret: 'secret',
  network: 'network',
  namespace: 'namespace',
  storage: 'storage',
  drift: 'changed by hand',
};

/** `1 removed, 5 changed, 2 created`; `nothing live changes` where no action has an effect. */
export function effectWords(preview: Pick<Preview, 'resources'>): string {
  const counts = countActions(preview);
  const parts = actionOrder
    .filter(action => action !== 'none' && counts[action] > 0)
    .map(action => `${counts[action]} ${actionSigns[action].done}`);
  return parts.length === 0 ? 'nothing live changes' : parts.join(', ');
}

/** What stands in the way: `2 would fail, 1 could not be told`; the empty text when all is well. */
export function troubleWords({ units, resources, failures }: Preview): string {
  const failing = resources.filter(({ problems }) => problems.length > 0).length + failures.length;
  const blind = units.filter(({ problems }) => problems.length > 0).length;
  return [
    ...(failing === 0 ? [] : [`${plural(failing, 'problem')}`]),
    ...(blind === 0 ? [] : [`${plural(blind, 'unit')} could not be told`]),
  ].join(', ');
}

/** The verdict in one line: `Merging in production: 1 removed, 5 changed; 2 problems`. Holds text from outside: escape it. */
export function verdictLine(preview: Preview): string {
  const where = preview.environment === undefined ? '' : ` in ${preview.environment}`;
  if (preview.unreadable !== undefined) return `Merging${where}: ${unreadableWords(preview)}`;
  const affected = preview.units.filter(({ effect }) => effect !== 'unaffected');
  const untold = affected.filter(unit => unit.untold === true).length;
  const waiting = affected.filter(unit => unit.mode === 'alert-only').length;
  return [
    `Merging${where}: ${untold > 0 && touchesNothing(preview) ? 'it is not known what changes' : effectWords(preview)}`,
    ...(untold === 0 ? [] : [`${plural(untold, 'unit')} changed whose resources are not known here`]),
    ...(waiting === 0
      ? []
      : [`${plural(waiting, 'unit')} alert-only: nothing by itself, only when a sync is asked for`]),
    ...frozenWords(affected),
    ...[troubleWords(preview)].filter(words => words !== ''),
  ].join('; ');
}

function unreadableWords({ unreadable, failures }: Preview): string {
  const failure = failures.find(({ type }) => type === 'unknown');
  const place = failure === undefined ? undefined : sourceWords(failure);
  const why = [place, failure?.message].filter(words => words !== undefined).join(' ');
  return `cannot be told, since the ${unreadable} cannot be read: ${why}`;
}

/** `1 unit frozen until Mon 08:00 UTC: merging will apply after`. */
function frozenWords(units: readonly UnitPreview[]): string[] {
  const ends = units.flatMap(({ frozen }) => (frozen === undefined ? [] : [untilWords(frozen)]));
  if (ends.length === 0) return [];
  const until = new Set(ends).size === 1 ? ` ${ends[0]}` : '';
  return [`${plural(ends.length, 'unit')} frozen${until}: merging will apply after`];
}

function touchesNothing({ resources }: Pick<Preview, 'resources'>): boolean {
  return resources.every(({ action }) => action === 'none');
}

/** Which two commits, when, and what was not looked at. Holds text from outside: escape it. */
export function comparedLine({ base, head, live, comparedAt, unreadable }: Preview): string {
  const pair = `${head.slice(0, 12)} merged into ${base.slice(0, 12)}`;
  if (unreadable !== undefined) {
    const advice =
      unreadable === 'head'
        ? 'correct it; if it is merged as it is, Holdfast goes on with the last revision that it can read'
        : 'what merging changes can be told again when the base can be read';
    return `${pair} at ${comparedAt}: nothing was compared; ${advice}.`;
  }
  if (live.from === 'none') return `${pair} at ${comparedAt}; live was not looked at: ${live.reason}.`;
  return `${pair}, compared with live ${live.from === 'daemon' ? 'by the daemon' : 'in the cluster'} at ${comparedAt}.`;
}

/** What else concerns the whole: notes, and what a preview without live leaves open, so that nobody takes its silence for an answer. */
export function asides(preview: Preview): string[] {
  const { notes = [], live, unreadable } = preview;
  return live.from !== 'none' || unreadable !== undefined ? notes : [...notes, notCompared];
}

const notCompared =
  'Not told here, since live was not looked at: drift, what live has already, what the server would refuse beyond the schemas of its kinds, whether what is no longer declared is deleted, and freezes by hand.';

/** `shop (kubernetes): 1 removed, 3 of 4 resources unchanged`. */
export function unitLine(unit: UnitPreview, touched: readonly ResourcePreview[]): string {
  return `${unit.name} (${unit.driver}): ${unitWords(unit, touched)}`;
}

/** The same without its name. */
export function unitWords(
  { name, effect, resources, untold }: UnitPreview,
  touched: readonly ResourcePreview[],
): string {
  const mine = touched.filter(({ unit }) => unit === name);
  if (effect === 'unaffected') return 'not affected';
  const how = { added: 'a new unit', removed: 'no longer declared', changed: '' }[effect];
  const rest =
    untold === true && touchesNothing({ resources: mine })
      ? 'its declaration changes; what that does is not known here'
      : `${effectWords({ resources: mine })}${resources.declared === 0 ? '' : `, ${resources.unchanged} of ${plural(resources.declared, 'resource')} unchanged`}`;
  return how === '' ? rest : `${how}; ${rest}`;
}

/** What a field goes through: `1.2 → 1.3`, with what live says where that is something else. */
export interface FieldWords {
  path: string;
  before: string;
  after: string;
  /** Of drift: what live holds and who set it; of what is so already: that. */
  aside?: string;
  secret?: string;
}

export function fieldWords(field: FieldPreview): FieldWords {
  const by = field.by === undefined ? '' : `, set by ${attributionWords(field.by)}`;
  if (field.redacted === true) {
    const secret = {
      merge: 'secret value changes',
      overwrites: 'secret value changes',
      already: 'secret value is so already',
      reverts: 'secret value was changed by hand and is put right',
      left: 'secret value is not applied: a rule leaves it to whoever holds it',
    }[field.why];
    return { path: field.path, before: '', after: '', secret: `${secret}${by}` };
  }
  const told = (value: unknown, none: string) => (value === undefined ? none : valueWords(value));
  const after = told(field.head, '(gone)');
  switch (field.why) {
    case 'merge':
      // of a unit whose base cannot be read, live alone says what is before
      return { path: field.path, before: told(field.base ?? field.live, '(none)'), after };
    case 'already':
      return { path: field.path, before: told(field.base, '(none)'), after, aside: 'live is so already' };
    case 'left':
      return {
        path: field.path,
        before: told(field.base, '(none)'),
        after,
        aside: `not applied: ${field.rule ?? 'a rule leaves it to whoever holds it'}`,
      };
    case 'overwrites':
      return {
        path: field.path,
        before: told(field.base, '(none)'),
        after,
        aside: `live has ${told(field.live, 'nothing')}${by}`,
      };
    case 'reverts':
      return {
        path: field.path,
        before: told(field.live, '(not live)'),
        after,
        aside: `drift, put right by merging${by}`,
      };
  }
}
