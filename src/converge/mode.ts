import type { Declaration } from '../declared/declaration.ts';
import { settingOf } from '../declared/settings/converge.ts';

export type Mode = 'on-merge' | 'on-merge-and-drift' | 'alert-only';

const defaultGraceMinutes = 5;

/** What is converged of a unit by itself, by the declaration that is in force. What a person asks for is converged in every mode. */
export function modeOf(unit: string, { settings }: Pick<Declaration, 'settings'>): Mode {
  return settingOf(unit, settings.converge.units, 'mode') ?? 'on-merge';
}

/** How long a hand edit of a unit stands before it is put right, in milliseconds. */
export function graceMs(unit: string, { settings }: Pick<Declaration, 'settings'>): number {
  return (settingOf(unit, settings.converge.units, 'graceMinutes') ?? defaultGraceMinutes) * 60_000;
}
