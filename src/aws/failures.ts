import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';

/** An error of AWS with the name of its kind, such as `ValidationError`, `AccessDenied` or `ResourceNotFoundException`. */
export class AwsFailure extends Failure {
  readonly kind: string;

  constructor(code: FailureCode, what: string, kind: string, cause: unknown) {
    super(code, what, { cause });
    this.kind = kind;
  }
}

const throttled =
  /throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException|Rate exceeded/i;
const refused =
  /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|InvalidClientTokenId|ExpiredToken|UnrecognizedClient|SignatureDoesNotMatch|InvalidIdentityToken|CredentialsProviderError|OptInRequired/i;

/** What the SDK threw as a failure with a code: no answer, refused, throttled, or an answer that is an error. */
export function awsFailure(thrown: unknown, asked: string): AwsFailure {
  if (thrown instanceof AwsFailure) return thrown;
  const kind = thrown instanceof Error ? thrown.name : 'Error';
  const words = oneLine(thrown instanceof Error ? thrown.message : String(thrown));
  const text = `${kind} ${words}`;
  const code = throttled.test(text) ? 'HF1913' : refused.test(text) ? 'HF1912' : 'HF1911';
  return new AwsFailure(code, `${asked}: ${kind}: ${words}`, kind, thrown);
}

/** Whether AWS said that there is no such thing; each service has words of its own. */
export function isNotFound(thrown: unknown): boolean {
  if (!(thrown instanceof AwsFailure)) return false;
  return /NotFound|ChangeSetNotFound/.test(thrown.kind) || /does not exist/.test(thrown.message);
}

/** Whether AWS said that it cannot do this for the type at all. */
export function isUnsupported(thrown: unknown): boolean {
  return thrown instanceof AwsFailure && /UnsupportedAction|TypeNotFound/.test(thrown.kind);
}

/** Text of AWS for a message: one line, without control characters, of a length that a person reads. */
export function oneLine(text: string, most = 500): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, most);
}
