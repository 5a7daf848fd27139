import { openWorkplace } from '../../../sandbox/processes/workplace.ts';

// A parent that is to be killed. Unless told `tame`, it also starts a child that ignores SIGTERM and has a child of its own.
const workplace = openWorkplace('parent', process.argv[2]);
const groups = [workplace.start('tame', '/bin/sh', ['-c', 'exec sleep 1000']).pid];
if (process.argv[3] !== 'tame') {
  const script = "trap '' TERM; sleep 1000 & while :; do sleep 1; done";
  groups.push(workplace.start('stubborn', '/bin/sh', ['-c', script]).pid);
}
process.stdout.write(`${JSON.stringify({ dir: workplace.dir, groups })}\n`);
if (process.argv[3] === 'end') process.exit(0);
if (process.argv[3] === 'throw') throw new Error('an end that nobody planned');
setInterval(() => undefined, 1000);
