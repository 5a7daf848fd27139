import { takeLock } from '../../../sandbox/tools/lock.ts';

await takeLock(process.argv[2] ?? '');
process.stdout.write('held\n');
setInterval(() => undefined, 1000);
