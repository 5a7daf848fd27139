/** The environment of a process, as a driver is given it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Who runs a program: the two have credentials of their own. */
export type Purpose = 'plan' | 'apply';

/**
 * What of our environment a program gets: the names that `passes` says, nothing of Holdfast's own. `HOLDFAST_PLAN_NAME` and
 * `HOLDFAST_APPLY_NAME` stand in for NAME where they are set, so that planning and applying have different credentials.
 */
export function passedOn(
  environment: Environment,
  purpose: Purpose,
  passes: (name: string) => boolean,
): Record<string, string> {
  const prefix = `HOLDFAST_${purpose.toUpperCase()}_`;
  const allowed = (name: string) => passes(name) && !name.startsWith('HOLDFAST_');
  const given: Record<string, string> = {};
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (allowed(name)) given[name] = value;
    const inner = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (inner !== '' && allowed(inner)) own[inner] = value;
  }
  return { ...given, ...own };
}

/** The values in an environment that must not be repeated: those whose names say so. */
export function secretsOf(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => /SECRET|TOKEN|PASSWORD|ACCESS_KEY|^TF_VAR_/i.test(name) && value.length >= 6)
    .filter(([name]) => !name.endsWith('_FILE'))
    .map(([, value]) => value);
}
