/** `docker [compose] exec`, its options, and the container; what follows is the program in it. */
const EXEC = /\bdocker\s+(?:compose\s+(?:-\S+\s+\S+\s+)*?)?exec\s+(.*)$/s;

/** Options of `docker exec` that take their value as the next word. */
const EXEC_VALUES = new Set([
  '-u',
  '--user',
  '-e',
  '--env',
  '-w',
  '--workdir',
  '--env-file',
  '--index',
  '--detach-keys',
]);

/** Where a command takes effect, for the label beside it. */
export function describePlace(command: string): string {
  const exec = EXEC.exec(command);
  if (exec) {
    const words = (exec[1] ?? '').split(/\s+/);
    let at = 0;
    while (words[at]?.startsWith('-')) at += EXEC_VALUES.has(words[at] ?? '') ? 2 : 1;
    const container = words[at];
    if (!container) return 'on your machine';
    return words[at + 1] === 'psql' ? `psql in ${container}` : `in container ${container}`;
  }
  if (/\bdocker\s+(?:compose\s+(?:-\S+\s+\S+\s+)*?)?run\b/.test(command)) return 'in a new container';
  return 'on your machine';
}
