import picomatch from 'picomatch';
import { Failure } from '../../failure/failure.ts';

/** One condition on a token: `repository=acme/infra`, `groups=platform-*`. */
export interface ClaimRule {
  claim: string;
  pattern: string;
}

/** `claim=glob,claim=glob`. Throws HF1001 for anything else, and for none at all: an empty list would let nobody in, or all. */
export function claimRules(text: string, variable: string): ClaimRule[] {
  const rules = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const at = part.indexOf('=');
      if (at < 1 || at === part.length - 1)
        throw new Failure('HF1001', `${variable}: ${part} is not claim=pattern, such as groups=platform`);
      return { claim: part.slice(0, at), pattern: part.slice(at + 1) };
    });
  if (rules.length === 0) throw new Failure('HF1001', `${variable} names nobody`);
  return rules;
}

/** Whether a claim's value, or one of its values, is what the rule asks for. An address that the issuer calls unverified is nobody's. */
export function fits({ claim, pattern }: ClaimRule, claims: Readonly<Record<string, unknown>>): boolean {
  if (claim === 'email' && (claims['email_verified'] === false || claims['email_verified'] === 'false'))
    return false;
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  const values = Array.isArray(value) ? value : [value];
  const matches = picomatch(pattern, { dot: true, nonegate: true });
  return values.some(each => typeof each === 'string' && each !== '' && matches(each));
}
