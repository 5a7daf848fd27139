import { describe, expect, it } from 'vitest';
import { wantsTraces } from '../../src/telemetry/export.ts';
import { inSpan, ofItsOwn, ofRevision } from '../../src/telemetry/spans.ts';

describe('traces', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, false],
  ])('with %j are exported: %s', (environment, wanted) => {
    expect(wantsTraces(environment)).toBe(wanted);
  });

  it.each([
    ['of a revision', ofRevision('a'.repeat(40))],
    ['of their own', ofItsOwn],
    ['that are none', undefined],
  ])('%s leave the work as it is where nothing is exported', async (_what, place) => {
    expect(await inSpan('work', {}, async () => 'done', place)).toBe('done');
    await expect(inSpan('work', {}, () => Promise.reject(new Error('no')), place)).rejects.toThrow('no');
  });
});
