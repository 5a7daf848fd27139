import { type Finding, isObjectRef } from '../../../../src/findings/finding.ts';

/** A finding that is right although a way of applying went through. */
interface JudgementCall {
  why: string;
  covers(finding: Finding): boolean;
}

/** Each case in which the right verdict is a matter of judgement, with what was chosen. */
export const judgementCalls: readonly JudgementCall[] = [
  {
    why: 'two ports of one container have the same number and protocol: kubectl create takes it, server-side apply refuses it for ever, so nobody could converge it',
    covers: ({ type, message = '' }) => type === 'invalid' && message.includes('duplicate entries for key'),
  },
];

/** Findings on what the server took, without judgement calls: there must be none. */
export function falseFindings(findings: readonly Finding[]): string[] {
  return findings
    .filter(finding => !judgementCalls.some(call => call.covers(finding)))
    .map(({ type, resource, source, message = '', changes = [] }) => {
      const title = isObjectRef(resource)
        ? `${resource.kind} ${resource.namespace ?? ''}/${resource.name}`
        : resource.name;
      const what = changes.map(({ op, path }) => `${op} ${path}`).join(', ');
      return `${type} ${title} (${source?.file ?? ''}): ${message} ${what}`.slice(0, 1000);
    });
}
