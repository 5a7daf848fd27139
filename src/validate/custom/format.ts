import { isIP } from 'node:net';
import { patternMatcher } from '../pattern/match.ts';
import { isDay } from '../scalar.ts';

interface Format {
  /** What a text must be, for the message. */
  words: string;
  fits: (text: string) => boolean;
}

function byPattern(words: string, pattern: string): Format {
  return { words, fits: text => patternMatcher(pattern)?.(text) !== false };
}

/** The format of a host name of go-openapi, letters and symbols of all scripts included. */
const hostname =
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$';

/** 3 and 4 stand where the UUID's version does. */
function uuid(version: string): Format {
  return byPattern('a UUID', `(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?[0-9a-f]{4}-?[0-9a-f]{12}$`);
}

/**
 * The formats that the API server checks in custom resources (apiextensions-apiserver, pkg/apiserver/validation/formats.go),
 * without their dashes. Numbers have none, and others (email, uri, isbn, creditcard, bsonobjectid) are checked only so far as
 * it is sure that the server refuses.
 */
const formats: Readonly<Record<string, Format>> = {
  byte: byPattern(
    'base64',
    '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$',
  ),
  cidr: { words: 'a network such as 10.0.0.0/8', fits: isNetwork },
  date: { words: 'a date such as 2026-08-01', fits: isDate },
  datetime: { words: 'a time such as 2026-08-01T14:02:11Z', fits: isDateTime },
  duration: { words: 'a duration such as 1h30m', fits: isDuration },
  email: { words: 'an e-mail address', fits: text => text.includes('@') },
  hexcolor: byPattern('a colour such as #FFFFFF', '^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$'),
  hostname: byPattern('a host name', hostname),
  ipv4: { words: 'an IPv4 address', fits: text => text.includes('.') && isAddress(text) },
  ipv6: { words: 'an IPv6 address', fits: text => text.includes(':') && isAddress(text) },
  mac: byPattern(
    'a MAC address',
    '^(?:[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){7}|[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){19}|(?:[0-9a-fA-F]{4}\\.){2,9}[0-9a-fA-F]{4})$',
  ),
  ssn: byPattern('a social security number', '^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$'),
  uri: { words: 'a URI', fits: isRequestUri },
  uuid: uuid('[0-9a-f]{4}'),
  uuid3: byPattern('a UUID', '(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$'),
  uuid4: byPattern('a UUID', '(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$'),
  uuid5: byPattern('a UUID', '(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$'),
};

const unchecked: ReadonlySet<string> = new Set([
  'bsonobjectid',
  'creditcard',
  'isbn',
  'isbn10',
  'isbn13',
  'password',
  'rgbcolor',
]);

function formatOf(name: string): Format | undefined {
  const plain = name.replaceAll('-', '');
  return Object.hasOwn(formats, plain) ? formats[plain] : undefined;
}

/** Whether the API server knows a format; it takes no notice of others. */
export function isKnownFormat(name: string | undefined): boolean {
  return name !== undefined && (formatOf(name) !== undefined || unchecked.has(name.replaceAll('-', '')));
}

/** What a text must be and is not; undefined where it fits or the format is not checked. */
export function formatTrouble(name: string | undefined, text: string): string | undefined {
  const format = name === undefined ? undefined : formatOf(name);
  return format === undefined || format.fits(text) ? undefined : format.words;
}

/** As Go's net.ParseIP, and with leading zeros in the old form. */
function isAddress(text: string): boolean {
  return isIP(text.replace(/\b0+(?=\d+(?:\.|$))/g, '')) !== 0 && !text.includes('%');
}

function isNetwork(text: string): boolean {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  return isAddress(address) && Number(bits) <= (address.includes(':') ? 128 : 32);
}

function isDate(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  return isDay(year ?? 0, month ?? 0, day ?? 0);
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const match = /^(\d\d):(\d\d):(\d\d)(?:[^\n]\d+)?(?:z|[+-]\d\d:\d\d)$/.exec(time);
  const [hour = '', minute = '', second = ''] = match?.slice(1) ?? [];
  return match !== null && isDate(date) && hour <= '23' && minute <= '59' && second <= '59';
}

const unitOfTime = /^(?:(?:ns|us|µs|ms|s|m|h|hr|d|w|wk)$|nano|micro|milli|sec|min|hour|day|week)/i;

/** Go's form, or numbers with units as words. */
function isDuration(text: string): boolean {
  if (/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return true;
  return Array.from(text.matchAll(/\d\s*([A-Za-zµ]+)/g)).some(([, unit = '']) => unitOfTime.test(unit));
}

function isRequestUri(text: string): boolean {
  if (/[\0-\x1f\x7f]/.test(text)) return false;
  return text === '*' || text.startsWith('/') || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);
}
