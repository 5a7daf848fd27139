import type { Json } from '../../../json/json.ts';

/** Names of what is secret wherever it stands, whether a template says so or not. */
const secretKeys = /(?:Password|Secret|SecretString|PrivateKey|AuthToken|Token|Credentials?|ApiKey)s?$/i;

/** Whether what is at a path is never shown. */
export function isSecret(path: readonly string[]): boolean {
  return path.some(step => secretKeys.test(step.replace(/^.*=/, '')));
}

/** Whether a value holds one of the secrets that are known. */
export function holdsSecret(value: Json | undefined, secrets: ReadonlySet<string>): boolean {
  if (value === undefined || secrets.size === 0) return false;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [...secrets].some(secret => secret.length > 2 && text.includes(secret));
}
