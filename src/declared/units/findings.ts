import type { FailureCode } from '../../failure/codes.ts';
import { Failure } from '../../failure/failure.ts';
import type { Finding, ResourceRef, Source } from '../../findings/finding.ts';

/** A finding about a declaration, in the words of a Failure: code, what, where, what to do. */
export function declarationFinding(
  unit: string,
  type: 'invalid' | 'unknown',
  code: FailureCode,
  what: string,
  source: Source,
  resource: ResourceRef = { type: 'File', name: source.file },
): Finding {
  const { line } = new Failure(code, what, { where: source });
  return { unit, type, resource, source, message: line, code, origin: 'declaration' };
}
