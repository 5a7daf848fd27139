import type { Json } from '../../../json/json.ts';

/** What a comparison must know of where a resource lives. */
export interface Place {
  account: string;
  region: string;
  partition?: string;
  stackName?: string;
  /** The tags of the stack, which CloudFormation puts on every resource that takes tags. */
  stackTags?: Readonly<Record<string, string>>;
  /** The key ids that aliases of KMS keys stand for (`alias/aws/ebs` → id), as far as they are known. */
  keyAliases?: Readonly<Record<string, string>>;
}

/** Whether a scalar that AWS gives back is the one that was declared, in one of the ways in which services rewrite values. */
export function sameScalar(declared: Json, live: Json, path: readonly string[], place: Place): boolean {
  if (declared === live) return true;
  if (typeof declared === 'object' || typeof live === 'object') return false;
  const [wanted, found] = [String(declared), String(live)];
  if (wanted === found || wanted.trim() === found.trim()) return true;
  if (typeof declared === 'boolean' || typeof live === 'boolean')
    return wanted.toLowerCase() === found.toLowerCase();
  if (sameNumber(wanted, found)) return true;
  const key = keyOf(path);
  return (
    sameName(wanted, found, path) ||
    sameThing(wanted, found, place) ||
    sameThing(found, wanted, place) ||
    (/version$/i.test(key) && sameVersion(wanted, found)) ||
    (/^(?:Expires|.*Expir(?:y|ation|es)(?:Time|Date)?)$/.test(key) && sameHour(wanted, found)) ||
    samePublicKey(wanted, found) ||
    sameTime(wanted, found)
  );
}

/** The key of a value, or of the list that it is an item of. */
function keyOf(path: readonly string[]): string {
  return path.findLast(step => step !== '*') ?? '';
}

/** `5` and `5.0`, as texts or numbers; never versions, which have more than one dot or are compared as such. */
function sameNumber(a: string, b: string): boolean {
  const number = /^-?\d+(?:\.\d+)?$/;
  return (
    number.test(a) &&
    number.test(b) &&
    Number(a) === Number(b) &&
    a.length < 16 &&
    !/^0\d/.test(a) &&
    !/^0\d/.test(b)
  );
}

const proseKeys =
  /(?:Description|DisplayName|Comment|Title|Message|Text|Pattern|Expression|Content|Body|Script|Query|Password)$/;
const word = /^[\w.:/*+@-]+$/;

/**
 * Services keep names, hosts, headers and words of enumerations in a case of their own, and end domains with a dot. Values
 * below a map of the author's own keys are never theirs to rewrite.
 */
function sameName(a: string, b: string, path: readonly string[]): boolean {
  const key = keyOf(path);
  if (withoutDot(a) === withoutDot(b)) return true;
  if (key === 'Value' || proseKeys.test(key) || path.some(step => ownMaps.has(step))) return false;
  if (!word.test(a) || !word.test(b) || withoutDot(a).toLowerCase() !== withoutDot(b).toLowerCase())
    return false;
  return isOneCase(a) || isOneCase(b);
}

/** All lower or all upper case, or one word with a capital: how services write their own words. */
function isOneCase(text: string): boolean {
  return text === text.toLowerCase() || text === text.toUpperCase() || /^[A-Z][a-z0-9]*$/.test(text);
}

const ownMaps = new Set([
  'Variables',
  'Tags',
  'Parameters',
  'EnvironmentVariables',
  'Environment',
  'Metadata',
]);

function withoutDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

/** `5.0` is `5.0.0`; a service may leave out or add the patch level. */
function sameVersion(a: string, b: string): boolean {
  return /\d/.test(a) && /\d/.test(b) && (a.startsWith(`${b}.`) || b.startsWith(`${a}.`));
}

/** Times in seconds that a service rounds down to the hour. */
function sameHour(a: string, b: string): boolean {
  const [x, y] = [Number(a), Number(b)];
  return x > 1e9 && y > 1e9 && Math.floor(x / 3600) === Math.floor(y / 3600);
}

/** The comment of an OpenSSH key is not part of it. */
function samePublicKey(a: string, b: string): boolean {
  const key = /^(?:ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/=]+/;
  const found = key.exec(a)?.[0];
  return found !== undefined && found === key.exec(b)?.[0];
}

function sameTime(a: string, b: string): boolean {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
  return time.test(a) && time.test(b) && Date.parse(a) === Date.parse(b);
}

/** The ARN of a thing in this account and region, and its name or id. */
function sameThing(whole: string, name: string, place: Place): boolean {
  const arn = /^arn:[\w-]+:[\w-]+:([\w-]*):(\d*):(.+)$/.exec(whole);
  if (arn === null || name === '') return keyOfAlias(whole, name, place);
  const [, region, account, resource = ''] = arn;
  if (region !== '' && region !== place.region) return false;
  if (account !== '' && account !== place.account) return false;
  if (resource === name || resource.endsWith(`/${name}`) || resource.endsWith(`:${name}`)) return true;
  // the root of an account stands for the account
  if (resource === 'root' && name === account) return true;
  return keyOfAlias(name, resource.replace(/^key\//, ''), place);
}

function keyOfAlias(alias: string, key: string, place: Place): boolean {
  if (!alias.startsWith('alias/')) return false;
  const known = place.keyAliases?.[alias];
  return known !== undefined && (known === key || key.endsWith(`key/${known}`));
}
