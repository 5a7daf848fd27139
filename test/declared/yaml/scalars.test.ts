import { describe, expect, it } from 'vitest';
import { isProblem, readDocuments } from '../../../src/declared/yaml/document.ts';
import { floatKey } from '../../../src/declared/yaml/number.ts';

function read(scalar: string): unknown {
  const [result] = readDocuments(Buffer.from(`v: ${scalar}\n`));
  if (result === undefined || isProblem(result)) throw new Error(result?.reason);
  return (result.value as { v: unknown }).v;
}

describe('a plain scalar means what it means to kubectl', () => {
  it.each([
    ['yes', true],
    ['off', false],
    ['y', true],
    ['N', false],
    ['yEs', 'yEs'],
    ['~', null],
    ['Null', null],
    ['', null],
    ['0644', 420],
    ['0o17', 15],
    ['0x1F', 31],
    ['-0b11', -3],
    ['0b-101', -5],
    ['08', 8],
    ['09.5', 9.5],
    ['0_7', 7],
    ['1_000', 1000],
    ['_1', '_1'],
    ['+12', 12],
    ['-0', 0],
    ['-0.0', 0],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1e400', '1e400'],
    ['18446744073709551616', 18446744073709552000],
    ['0x', '0x'],
    ['0o8', '0o8'],
    ['0x1p3', '0x1p3'],
    ['12:30', '12:30'],
    ['190:20:30', '190:20:30'],
    ['1.2.3', '1.2.3'],
    ['=', '='],
    ['2001-01-01', '2001-01-01'],
    ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
    ['"yes"', 'yes'],
    ["'0644'", '0644'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['!!float 5', 5],
    ['!!bool on', true],
    ['!!binary aGk=', 'hi'],
    ['! 5', '5'],
    ['!custom 5', '5'],
    ['!<tag:yaml.org,2002:str> 5', '5'],
    ['"\\x41\\u00e9"', 'Aé'],
  ])('%s', (scalar, value) => {
    expect(read(scalar)).toStrictEqual(value);
  });

  it.each([
    ['.inf', 'no such number'],
    ['-.INF', 'no such number'],
    ['.nan', 'no such number'],
    ['9007199254740993', 'would be rounded'],
    ['!!int foo', 'is not a !!int'],
    ['!!binary a?', 'not base64'],
    ['"\\ud83d\\ude00"', 'surrogate'],
    ['"\\/"', 'no escape'],
  ])('%s is refused', (scalar, reason) => {
    expect(() => read(scalar)).toThrow(reason);
  });
});

describe('a number that is a key has Go’s shortest form', () => {
  it.each([
    [1.5, '1.5'],
    [0.1, '0.1'],
    [-2, '-2'],
    [123456, '123456'],
    [1234567.5, '1.2345675e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e10, '1e+10'],
    [16777217, '1.6777216e+07'],
    [1e300, '.inf'],
    [Number.NaN, '.nan'],
  ])('%d is %s', (value, key) => {
    expect(floatKey(value)).toBe(key);
  });
});
