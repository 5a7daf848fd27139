import { declaredDiffers } from '../../../compare/difference.ts';
import type { Failure } from '../../../failure/failure.ts';
import type { Exemption } from '../../../findings/finding.ts';
import type { Judgement } from '../compare/judgement.ts';
import type { Subject } from '../compare/subject.ts';
import type { ChildTelling } from './tell.ts';

/** The judgement on a workload with what is told of its children: one finding on the workload, whatever else it says. */
export function withChildren(
  judgement: Judgement,
  subject: Subject,
  told: ChildTelling | undefined,
): Judgement {
  const { finding } = judgement;
  if (told === undefined) return judgement;
  if (finding !== undefined && finding.type !== 'changed' && finding.type !== 'undeclared') return judgement;
  const changes = [...(finding?.changes ?? []), ...told.changes].sort((a, b) => (a.path < b.path ? -1 : 1));
  const message = finding?.message === undefined ? told.message : `${finding.message}; ${told.message}`;
  const differs = finding?.type === 'changed' || declaredDiffers(changes);
  const base = finding ?? { unit: subject.unit, resource: subject.ref, source: subject.source };
  return { ...judgement, finding: { ...base, type: differs ? 'changed' : 'undeclared', changes, message } };
}

/** What is said of a workload whose children may not be looked at. */
export function unseenChildren(subject: Subject, { code, message }: Failure): Exemption {
  return {
    resource: subject.ref,
    path: '/children',
    rule: `what really runs was not looked at: ${code} ${message}`,
  };
}
