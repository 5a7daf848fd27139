import { type Attributes, context, trace } from '@opentelemetry/api';
import { onAnswered } from './requests.ts';
import { pastSpan, planned } from './spans.ts';

/** Whether an environment asks for traces, by the variables that OpenTelemetry itself defines. */
export function wantsTraces(environment: Readonly<Record<string, string | undefined>>): boolean {
  if (environment['OTEL_SDK_DISABLED'] === 'true') return false;
  return (
    (environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ??
      environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ??
      '') !== ''
  );
}

/**
 * Sends spans by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT says, in batches and in the background; a collector that is away costs
 * spans and nothing else. Returns what sends the rest and ends it.
 */
export async function exportTraces(attributes: Attributes): Promise<() => Promise<void>> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ]);
  const random = new sdk.RandomIdGenerator();
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'holdfast', ...attributes }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: 1_000 }),
    ],
    idGenerator: {
      generateTraceId: () => planned.next?.traceId ?? random.generateTraceId(),
      generateSpanId: () => planned.next?.spanId ?? random.generateSpanId(),
    },
  });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider(provider);
  const stop = onAnswered(({ service, method = '', path = '', code, dryRun, beganMs, ms }) => {
    // reads and dry runs are many, and tell little
    if (service === 'kubernetes' && (dryRun === true || method === 'GET')) return;
    const about = { 'server.service': service, 'http.response.status_code': code };
    pastSpan(`${service} ${method} ${path}`.trim(), about, { beganMs, endedMs: beganMs + ms });
  });
  return async () => {
    stop();
    await provider.shutdown().catch(() => undefined);
    trace.disable();
    context.disable();
  };
}
