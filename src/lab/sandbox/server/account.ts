import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { SandboxError } from '../cache.ts';

/** The system user that servers run as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** In this order: `postgres` last, because it may have a real cluster on this machine. */
const CANDIDATES = ['nobody', 'daemon', 'postgres'];

/**
 * PostgreSQL refuses to run as root, and initdb looks its user up, so root's servers run as an unprivileged user
 * that exists. null: we are no root, servers run as we do. Throws SandboxError when there is no such user.
 */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) {
    mustHaveName();
    return null;
  }
  const users = passwordFile();
  for (const name of CANDIDATES) {
    const user = users.find((one) => one.name === name);
    if (user && user.uid !== 0) return user;
  }
  throw new SandboxError(
    'no-account',
    'PostgreSQL refuses to run as root, and this machine has no user "nobody" to run it as.',
    'Run this tool as another user than root.',
  );
}

/** initdb ends with `could not look up effective user ID` where there is none, as in a container with `--user 1234`. */
function mustHaveName(): void {
  try {
    userInfo();
  } catch {
    throw new SandboxError(
      'no-account',
      `Your user number ${process.getuid?.()} has no name on this machine, and PostgreSQL does not run without one.`,
      'Run this tool as a user that /etc/passwd names, or add a line for this one.',
    );
  }
}

function passwordFile(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid = '', gid = '']) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
  } catch {
    return [];
  }
}

/** Whether the account may go down to this folder or file, which must exist. Reads modes; knows nothing of ACLs. */
export function canReach(account: Account, target: string): boolean {
  const steps = [target];
  for (let at = path.dirname(target); ; at = path.dirname(at)) {
    steps.push(at);
    if (at === path.dirname(at)) break;
  }
  return steps.every((step, index) => {
    const { mode, uid, gid } = statSync(step);
    // Of what lies above only the right to pass is needed.
    const wanted = index === 0 ? 0o4 | (mode & 0o40000 ? 0o1 : 0) : 0o1;
    const own = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    return (own & wanted) === wanted;
  });
}
