import { resourceTitle, type Source } from '../findings/finding.ts';
import { brief } from '../report/terminal.ts';
import type { Preview } from './model.ts';
import { actionSigns, riskWords } from './words.ts';

/** A remark at a line, in the form of GitHub's check runs. Titles are 255 characters at most, messages 64 KB. */
export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
}

/** What is wrong, and what is dangerous, each at its file and line: failures first. What has no place in the repository is left out. */
export function annotationsOf(preview: Preview): Annotation[] {
  const failures = preview.failures.flatMap(({ source, message, resource }) =>
    at(source, 'failure', resourceTitle(resource), message ?? 'it cannot be applied'),
  );
  const problems = preview.resources.flatMap(({ source, problems: found, resource }) =>
    found.length === 0 ? [] : at(source, 'failure', resourceTitle(resource), found.join('\n')),
  );
  const risky = preview.resources.flatMap(({ source, risks, action, problems: found, resource, notes }) => {
    // the line of a removal is one of the base, which the head does not have
    if (risks.length === 0 || action === 'remove' || found.length > 0) return [];
    const words = `merging would ${actionSigns[action].word} it: ${risks.map(risk => riskWords[risk]).join(', ')}`;
    return at(source, 'warning', resourceTitle(resource), [words, ...notes].join('\n'));
  });
  return [...failures, ...problems, ...risky];
}

function at(
  source: Source | undefined,
  level: Annotation['annotation_level'],
  title: string,
  message: string,
): Annotation[] {
  if (source === undefined || source.file === '') return [];
  const line = source.line ?? 1;
  return [
    {
      path: source.file,
      start_line: line,
      end_line: line,
      annotation_level: level,
      title: brief(title, 200),
      message: message
        .split('\n')
        .map(part => brief(part, 4_000))
        .join('\n'),
    },
  ];
}
