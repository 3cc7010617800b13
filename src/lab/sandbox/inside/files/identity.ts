import { serverAccount } from '../../server/account.ts';

/** A user of the container, by the real numbers that stand for it on this machine. */
export interface Identity {
  uid: number;
  gid: number;
  /** Root of the container: modes and owners are no limit. */
  superuser: boolean;
}

/** Translates users between the container and this machine. */
export interface Accounts {
  /** Real user and group for a name or number of the container; null for a name that is not known there. */
  account(name: string): { uid: number; gid: number } | null;
  /** Real group for a name or number of the container. */
  group(name: string): number | null;
  /** Names as the container prints them; the number where it has no name. */
  ownerName(uid: number): string;
  groupName(gid: number): string;
  /** Numbers as the container has them. */
  shownUid(uid: number): number;
  shownGid(gid: number): number;
  /** Reads `user[:group]` of `docker exec --user`; null for a user that is not known there. */
  identify(user: string): Identity | null;
}

/** What this machine is like: who we are, and as whom servers run (null: as we do). */
export interface Machine {
  uid: number;
  gid: number;
  server: { uid: number; gid: number } | null;
}

/** User and group `postgres` of the image. */
const POSTGRES = 999;

export function thisMachine(): Machine {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, server: serverAccount() };
}

/**
 * Where we are root, `postgres` (999) and the account of the servers change places, and all others are themselves.
 * Where we are not, root and postgres of the container are both ourselves.
 */
export function accountsOf(machine: Machine): Accounts {
  const server = machine.server ?? machine;
  const real = (number: number, own: number) => (number === POSTGRES ? own : swapped(number, own));
  const shown = (number: number, own: number) => (number === own ? POSTGRES : swapped(number, own));
  const swapped = (number: number, own: number) =>
    machine.server !== null && (number === own || number === POSTGRES) ? own + POSTGRES - number : number;
  const root = machine.server === null ? machine : { uid: 0, gid: 0 };

  const account: Accounts['account'] = (name) => {
    if (name === 'root' || /^0+$/.test(name)) return { uid: root.uid, gid: root.gid };
    if (name === 'postgres' || name === String(POSTGRES)) return { uid: server.uid, gid: server.gid };
    if (!/^\d{1,9}$/.test(name)) return null;
    // A number without an entry in passwd gets the group root.
    return { uid: real(Number(name), server.uid), gid: root.gid };
  };
  const group: Accounts['group'] = (name) => {
    if (name === 'root' || /^0+$/.test(name)) return root.gid;
    if (name === 'postgres') return server.gid;
    return /^\d{1,9}$/.test(name) ? real(Number(name), server.gid) : null;
  };
  const nameOf = (number: number) =>
    number === 0 ? 'root' : number === POSTGRES ? 'postgres' : String(number);
  return {
    account,
    group,
    shownUid: (uid) => shown(uid, server.uid),
    shownGid: (gid) => shown(gid, server.gid),
    ownerName: (uid) => nameOf(shown(uid, server.uid)),
    groupName: (gid) => nameOf(shown(gid, server.gid)),
    identify(user) {
      const [name = '', groupName] = user.split(':');
      const found = account(name);
      const gid = groupName === undefined ? found?.gid : group(groupName);
      if (!found || gid === undefined || gid === null) return null;
      return { uid: found.uid, gid, superuser: name === 'root' || /^0+$/.test(name) };
    },
  };
}

export const READ = 4;
export const WRITE = 2;
export const PASS = 1;

/** Whether the modes let someone do this. The real process may be able to do more, so this is asked first. */
export function may(
  who: Identity,
  stats: { mode: number; uid: number; gid: number },
  right: number,
): boolean {
  if (who.superuser) return true;
  const bits = stats.uid === who.uid ? stats.mode >> 6 : stats.gid === who.gid ? stats.mode >> 3 : stats.mode;
  return (bits & right) === right;
}
