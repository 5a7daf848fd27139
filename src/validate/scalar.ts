import type { Json } from '../json/json.ts';

/** Spellings of a quantity, after apimachinery's resource.ParseQuantity. */
const quantity = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d+)\s*$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const time = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

/**
 * What a scalar of a built-in kind must be and is not (`an integer of 32 bits`); undefined where the value is right. The types
 * are those of the schema pack; the rules are those of Go's JSON decoder and of the types of apimachinery.
 */
export function scalarTrouble(type: string, format: string | undefined, value: Json): string | undefined {
  switch (type) {
    case 'string':
      return stringTrouble(format, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'integer':
      return integerTrouble(format, value);
    case 'number':
      return typeof value === 'number' ? undefined : 'a number';
    case 'quantity':
      return typeof value === 'number' || (typeof value === 'string' && quantity.test(value))
        ? undefined
        : 'a quantity such as 100m, 1.5 or 2Gi';
    case 'int-or-string':
      return typeof value === 'string' || integerTrouble('int32', value) === undefined
        ? undefined
        : 'an integer of 32 bits or a string';
    default:
      return undefined;
  }
}

function stringTrouble(format: string | undefined, value: Json): string | undefined {
  if (typeof value !== 'string') return 'a string';
  if (format === 'byte' && !base64.test(value.replace(/[\r\n]/g, ''))) return 'base64';
  if (format === 'date-time' && !isTime(value)) return 'a time such as 2026-08-01T14:02:11Z';
  return undefined;
}

function integerTrouble(format: string | undefined, value: Json): string | undefined {
  const small = format === 'int32';
  const right =
    typeof value === 'number' &&
    Number.isInteger(value) &&
    (small ? value >= -(2 ** 31) && value < 2 ** 31 : value >= -(2 ** 63) && value < 2 ** 63);
  return right ? undefined : small ? 'an integer of 32 bits' : 'an integer';
}

/** RFC 3339 as Go's time.Parse reads it. */
export function isTime(text: string): boolean {
  const match = time.exec(text);
  if (match === null) return false;
  const [, year, month, day, hour, minute, second, zoneHour, zoneMinute] = match.map(Number);
  return (
    isDay(year ?? 0, month ?? 0, day ?? 0) &&
    (hour ?? 0) < 24 &&
    (minute ?? 0) < 60 &&
    (second ?? 0) < 60 &&
    !((zoneHour ?? 0) > 24 || (zoneMinute ?? 0) > 60)
  );
}

/** Whether there is such a day in the calendar. */
export function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}
