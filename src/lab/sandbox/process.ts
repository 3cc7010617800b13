import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Who a process is. A number alone proves nothing: after a reboot, or after an hour, it can be another program's.
 * The start time is Linux's clock ticks since boot with the boot's id, or what ps prints.
 */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** The identity of a process that runs now; null when there is none of that number. */
export function identify(pid: number): ProcessIdentity | null {
  const started = startTime(pid);
  return started === null ? null : { pid, started };
}

/** True when this very process still runs. */
export function isAlive(identity: ProcessIdentity | null): boolean {
  return identity !== null && startTime(identity.pid) === identity.started;
}

function startTime(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') {
    try {
      // Field 22; the second field, the program's name, may hold blanks and parentheses.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? null : `${bootId()}:${fields[19]}`;
    } catch {
      return null;
    }
  }
  const text = ps(pid, 'stat=,lstart=');
  return text === null || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}

/** The command line of a process, words joined by blanks; null when it can't be told. */
export function commandLine(pid: number): string | null {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

function ps(pid: number, columns: string): string | null {
  try {
    const text = execFileSync('ps', ['-o', columns, '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || null;
  } catch {
    return null;
  }
}

/** The number in the first line of a pid file; null where there is none. */
export function pidIn(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
