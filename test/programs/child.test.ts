import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ChildLimits, runChild } from '../../src/programs/child.ts';

const place = { folder: '/', environment: { PATH: '/usr/bin:/bin', GREETING: 'hello' } };
const roomy: ChildLimits = { timeMs: 15_000, outputBytes: 1_000_000, memoryBytes: 4 * 1024 ** 3 };

function sh(script: string, limits: Partial<ChildLimits> = {}, ...args: string[]) {
  return runChild('/bin/sh', ['-c', script, 'sh', ...args], place, { ...roomy, ...limits });
}

/** A process that has ended but was not collected by its parent yet counts as ended. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a child process', () => {
  it('is given its arguments as they are, its folder and nothing but its environment', async () => {
    const end = await sh('pwd; echo "$1|$2|$GREETING|$HOME"', {}, '-rf; $(x)', 'two\nlines');
    expect(end).toMatchObject({ by: 'itself', exitCode: 0, stderr: '' });
    expect(end.stdout.toString()).toBe('/\n-rf; $(x)|two\nlines|hello|\n');
  });

  it('may fail', async () => {
    expect(await sh('echo bad >&2; exit 3')).toMatchObject({ by: 'itself', exitCode: 3, stderr: 'bad\n' });
  });

  it('is ended with all that it started when its time is up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-child-'));
    const end = await sh('sleep 60 & echo $! > "$1"; wait', { timeMs: 1_000 }, join(folder, 'pid'));
    const started = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    rmSync(folder, { recursive: true });

    expect(end).toMatchObject({ by: 'time', exitCode: null });
    expect(started).toBeGreaterThan(1);
    await expect.poll(() => isAlive(started)).toBe(false);
  });

  it('does not keep anyone waiting for what it left behind', async () => {
    expect(await sh('sleep 60 & exit 0', { timeMs: 300 })).toMatchObject({ by: 'time' });
  });

  it('is ended when it prints too much, and nothing of that is kept', async () => {
    const end = await sh('yes', { outputBytes: 10_000 });
    expect(end).toMatchObject({ by: 'output', exitCode: null });
    expect(end.stdout).toHaveLength(0);
  });

  it('complains without limit, of which the beginning is kept', async () => {
    const end = await sh('yes | head -c 1000000 >&2');
    expect(end.by).toBe('itself');
    expect(end.stderr).toHaveLength(64 * 1024);
  });

  it('has so much memory and no more', async () => {
    const end = await sh('ulimit -v; ulimit -c', { memoryBytes: 64 * 1024 * 1024 });
    expect(end.stdout.toString()).toBe('65536\n0\n');
  });

  it.each(['fatal error: runtime: out of memory', 'runtime: cannot allocate memory'])(
    'ends for want of memory when it says %j',
    async words => {
      expect(await sh(`echo '${words}' >&2; exit 2`)).toMatchObject({ by: 'memory', exitCode: null });
    },
  );

  it('may not exist', async () => {
    const missing = await runChild('/nowhere/program', [], place, roomy);
    expect(missing).toMatchObject({ by: 'itself', exitCode: 127 });
    const nowhere = await runChild('/bin/true', [], { ...place, folder: '/proc/nowhere' }, roomy);
    expect(nowhere).toMatchObject({ by: 'start', exitCode: null });
  });
});
