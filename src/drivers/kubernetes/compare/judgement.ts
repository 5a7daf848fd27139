import type { Exemption, Finding } from '../../../findings/finding.ts';

/** The verdict on one object. Without a finding it is as declared. */
export interface Judgement {
  finding?: Finding;
  exempt: Exemption[];
}
