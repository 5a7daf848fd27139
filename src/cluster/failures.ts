import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { ApiResponse } from './connection.ts';
import { type StatusCause, statusSchema } from './schema.ts';

/** What was asked, for messages: `patch`, `deployments.apps`, `shop/cart`. */
export interface Asked {
  verb: string;
  /** Plural and group, as RBAC names it. */
  resource: string;
  /** Namespace and name, where one object was asked for. */
  subject?: string;
  /** The object holds secret values: no word of the server about its content may be repeated. */
  secret?: boolean;
}

/** An answer of the API server other than success, as a Failure. `message` repeats the server's words, but never those about a Secret. */
export class ApiFailure extends Failure {
  /** The HTTP status. */
  readonly status: number;
  /** The server's reason: `Invalid`, `Conflict`, `AlreadyExists`, …; empty where it gave none. */
  readonly reason: string;
  /** The fields that the server complains about. Messages may hold values: not to be shown for a Secret. */
  readonly causes: readonly StatusCause[];
  /** A 403 because the account lacks a right, and not because an admission policy refuses the object. */
  readonly rbac: boolean;
  /** How long the server asks to wait, in milliseconds; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    what: string,
    answer: {
      status: number;
      reason: string;
      causes: readonly StatusCause[];
      rbac?: boolean;
      retryAfterMs?: number | undefined;
    },
  ) {
    super(code, what);
    this.status = answer.status;
    this.reason = answer.reason;
    this.causes = answer.causes;
    this.rbac = answer.rbac ?? false;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** Whether a thrown value says that the object (or its namespace) is not there. A kind that is not served is another matter. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof ApiFailure && thrown.status === 404 && thrown.code !== 'HF1305';
}

/** The Failure for an answer with a status of 300 or more. */
export function apiFailure(response: ApiResponse, asked: Asked): ApiFailure {
  const parsed = statusSchema.safeParse(response.body);
  const status = parsed.success ? parsed.data : undefined;
  const causes = status?.details?.causes ?? [];
  const subject = asked.subject === undefined ? asked.resource : `${asked.resource} ${asked.subject}`;
  const message = status?.message ?? text(response.body);
  const rbac = response.status === 403 && /User ".*" cannot \S+ resource/.test(message);
  // rights and admission policies are told in full: only validation quotes values
  const words = asked.secret === true && response.status !== 403 ? guarded(message, causes) : message;
  const what = `cannot ${asked.verb} ${subject}: ${words || `the server answered ${response.status}`}`;
  return new ApiFailure(codeOf(response.status, message, status?.details?.name !== undefined), what, {
    status: response.status,
    reason: status?.reason ?? '',
    causes,
    rbac,
    retryAfterMs: retryAfter(response, status?.details?.retryAfterSeconds),
  });
}

/** It speaks of fields that the version of the API does not have: those sent, or those that managedFields say are ours. */
const unreadable =
  /^failed to (create typed patch object|convert new object|prune fields: failed to convert merged object)/;

/** 404 that names an object (or its namespace) is for the caller to judge; one that names none is about the kind. */
function codeOf(status: number, message: string, named: boolean): FailureCode {
  // what server-side apply cannot read is a 500 without a reason
  if (status === 500 && unreadable.test(message)) return 'HF1306';
  if (status === 403) return 'HF1303';
  if (status === 404) return named ? 'HF1307' : 'HF1305';
  if (status === 400 || status === 413 || status === 415 || status === 422) return 'HF1306';
  if (status === 429 || status >= 500) return 'HF1308';
  return 'HF1307';
}

/** Of a Secret only the names of the fields: the server quotes values in its complaints (CVE-2025-23216). */
function guarded(message: string, causes: readonly StatusCause[]): string {
  const fields = causes.map(({ field, reason }) => [field, reason].filter(Boolean).join(' ')).filter(Boolean);
  const read = [
    ...message.matchAll(/(\.(?:data|stringData|metadata)[\w.-]*): (expected \w+|field not declared)/g),
  ];
  const words = [...fields, ...read.map(([, field, what]) => `${field} ${what}`)];
  if (/illegal base64/.test(message)) words.push('a value of data is not base64');
  return words.length === 0 ? 'the server refuses it (its words are left out)' : words.join(', ');
}

function text(body: unknown): string {
  return typeof body === 'string' ? body.trim().slice(0, 300) : '';
}

function retryAfter(response: ApiResponse, seconds: number | undefined): number | undefined {
  const header = Number(response.headers['retry-after'] ?? Number.NaN);
  const wait = Number.isFinite(header) ? header : seconds;
  return wait === undefined ? undefined : Math.min(Math.max(wait, 0), 30) * 1000;
}
