import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { Failure } from '../failure/failure.ts';

const tracer = () => trace.getTracer('holdfast');

/** Ids of the next span, where they are to be known ones; random otherwise. Used by the exporter’s set-up. */
export const planned: { next: { traceId: string; spanId: string } | undefined } = { next: undefined };

/**
 * The trace of a revision. Its ids are made of the SHA, so that observer and converger trace into the same one without a word
 * between them.
 */
export function ofRevision(revision: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...idsOf(revision),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

function idsOf(revision: string): { traceId: string; spanId: string } {
  return { traceId: revision.slice(0, 32), spanId: revision.slice(24, 40) };
}

/** A trace of its own: for what no revision brought about. */
export const ofItsOwn: Context = ROOT_CONTEXT.setValue(createContextKey('of its own'), true);

/**
 * Does the work within a span. Without a trace to be part of there is none, nor where nothing is exported. Attributes hold no values of
 * declared or live objects; of an error only the code is kept.
 */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  parent: Context = context.active(),
): Promise<T> {
  if (parent !== ofItsOwn && trace.getSpanContext(parent) === undefined) return work();
  return tracer().startActiveSpan(name, { attributes }, parent, async span => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Failure ? error.code : 'unexpected',
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What came to its end before it was known which trace it belongs to. Times in milliseconds since 1970. */
export function pastSpan(
  name: string,
  attributes: Attributes,
  { beganMs, endedMs }: { beganMs: number; endedMs: number },
  parent: Context = context.active(),
): void {
  if (trace.getSpanContext(parent) === undefined) return;
  tracer().startSpan(name, { attributes, startTime: beganMs }, parent).end(endedMs);
}

/** The root of a revision’s trace: from the first sign of it until it was judged. Made by one process. */
export function revisionSpan(revision: string, times: { beganMs: number; endedMs: number }): void {
  planned.next = idsOf(revision);
  const attributes = { 'holdfast.revision': revision };
  tracer()
    .startSpan(
      `revision ${revision.slice(0, 7)}`,
      { attributes, startTime: times.beganMs, root: true },
      ROOT_CONTEXT,
    )
    .end(times.endedMs);
  planned.next = undefined;
}
