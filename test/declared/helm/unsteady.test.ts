import { expect, it } from 'vitest';
import { chartTexts } from '../../../src/declared/helm/layout.ts';
import { unsteadyCalls } from '../../../src/declared/helm/unsteady.ts';
import { cpuOf } from './cpu.ts';

function calls(files: Record<string, string>, template = 'web/templates/a.yaml'): string[] {
  const all = { 'Chart.yaml': 'name: web\n', ...files };
  const bytes = new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)]));
  const texts = chartTexts(bytes, path => ({ source: { file: `helm/web/${path}` }, plain: true }));
  return (unsteadyCalls(texts).get(template) ?? []).map(
    ({ word, source }) => `${word} ${source.file}:${source.line}`,
  );
}
const a = (text: string) => ({ 'templates/a.yaml': text });

it.each([
  ['x\n{{ randAlphaNum 5 }}', ['randAlphaNum helm/web/templates/a.yaml:2']],
  ['{{- $x := lookup "v1" "Secret" "a" "b" -}}', ['lookup helm/web/templates/a.yaml:1']],
  ['{{ now | date "2006" }}', ['now helm/web/templates/a.yaml:1']],
  ['{{ .Release.Revision }}', ['.Release.Revision helm/web/templates/a.yaml:1']],
  ['{{ (genCA "x" 365).Cert }}', ['genCA helm/web/templates/a.yaml:1']],
  ['randAlphaNum outside of an action', []],
  ['{{/* randAlphaNum in a comment */}}', []],
  ['{{ .Values.now }} {{ $now }} {{ .Values.randAlphaNum }}', []],
  ['{{ "}} " }}{{ uuidv4 }}', ['uuidv4 helm/web/templates/a.yaml:1']],
  ['{{ never ended randAlphaNum', []],
])('%j reaches %j', (text, found) => {
  expect(calls(a(text))).toEqual(found);
});

it('what is included by name, over any number of steps, and in a chart inside of the chart', () => {
  const files = {
    ...a('{{ include "one" . }}'),
    'templates/_one.tpl': '{{ define "one" }}{{ template "two" . }}{{ end }}\n',
    'charts/lib/Chart.yaml': 'name: lib\n',
    'charts/lib/templates/_two.tpl': 'x\n{{ define "two" }}\n{{ randAlpha 3 }}{{ end }}\n',
  };
  expect(calls(files)).toEqual(['randAlpha helm/web/charts/lib/templates/_two.tpl:3']);
});

it('another template that is included as a whole, for a checksum', () => {
  const files = {
    ...a('{{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}'),
    'templates/secret.yaml': '{{ randAscii 3 }}',
  };
  expect(calls(files)).toEqual(['randAscii helm/web/templates/secret.yaml:1']);
});

it('nothing that is defined beside it and not included', () => {
  const files = {
    ...a('{{ include "calm" . }}'),
    'templates/_x.tpl': '{{ define "calm" }}a{{ end }}{{ define "wild" }}{{ now }}{{ end }}',
  };
  expect(calls(files)).toEqual([]);
});

it('of a word that is called again and again each, and of what is included the first', () => {
  const files = {
    ...a('{{ now }}\n{{ now }}{{ include "one" . }}'),
    'templates/_one.tpl': '{{ define "one" }}{{ uuidv4 }}\n{{ uuidv4 }}{{ end }}',
  };
  expect(calls(files)).toEqual([
    'now helm/web/templates/a.yaml:1',
    'now helm/web/templates/a.yaml:2',
    'uuidv4 helm/web/templates/_one.tpl:1',
  ]);
});

it('many calls that many templates include cost little', () => {
  const many = Array.from({ length: 2_000 }, (_, at) => [`templates/${at}.yaml`, '{{ include "one" . }}']);
  const files = {
    ...Object.fromEntries(many),
    'templates/_one.tpl': `{{ define "one" }}${'{{ now }}\n'.repeat(190_000)}{{ end }}`,
  };
  const took = cpuOf(() =>
    expect(calls(files, 'web/templates/7.yaml')).toEqual(['now helm/web/templates/_one.tpl:1']),
  );
  expect(took).toBeLessThan(5_000);
});

it('many unended actions cost little', () => {
  const took = cpuOf(() => expect(calls(a('{{ "'.repeat(200_000)))).toEqual([]));
  expect(took).toBeLessThan(5_000);
});
