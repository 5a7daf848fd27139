/** The processor time that a task takes, in milliseconds: how busy the machine is does not count. */
export function cpuOf(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
