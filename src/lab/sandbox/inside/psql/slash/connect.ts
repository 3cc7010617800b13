import { ConninfoError, isConninfo } from '../../../conninfo.ts';
import { ConnectError } from '../../connect.ts';
import { closeConnection, complain, openConnection, out, quiet, type Session, tell } from '../session.ts';
import { resolveTarget, SOCKET_FOLDER, type Target, type Wanted } from '../target.ts';
import { type Answer, DONE, FAILED, refuse } from './answer.ts';
import { dequote } from './words.ts';

/** `\c [DBNAME [USER [HOST [PORT]]]]`: what is left out or `-` stays as it is. */
export async function connectCommand(session: Session, args: string[]): Promise<Answer> {
  const old = session.target;
  const hadConnection = session.connection !== null;
  const words = args.splice(0, 4).map(dequote);
  if (words[0]?.startsWith('-reuse-previous')) return refuse(session, '\\c -reuse-previous');
  const [dbname, user, host, port] = words.map((word) => (word === '-' ? undefined : word));
  const target = newTarget(session, {
    dbname: dbname ?? old.database,
    user: user ?? old.user,
    host: host ?? old.host,
    port: port ?? String(old.port),
  });
  const failure =
    'message' in target
      ? target.message
      : await openConnection(session, target).then(
          () => null,
          (error: unknown) => {
            if (error instanceof ConnectError) return error.message;
            throw error;
          },
        );
  if (failure === null) {
    if (!quiet(session)) await out(session, `${nowConnected(session, hadConnection ? old : null)}\n`);
    return DONE;
  }
  if (session.interactive) {
    await tell(session, failure);
    if (hadConnection) await tell(session, 'Previous connection kept');
    return FAILED;
  }
  // In a script psql must not go on with a database that was not meant.
  await complain(session, `\\connect: ${failure}`);
  await closeConnection(session);
  return FAILED;
}

function newTarget(session: Session, wanted: Wanted): Target | ConninfoError {
  const { target: old, inside } = session;
  try {
    const target = resolveTarget(wanted, inside, old.application);
    const same = target.user === old.user && target.host === old.host && target.port === old.port;
    const whole = wanted.dbname !== null && isConninfo(wanted.dbname);
    return { ...target, password: same && !whole ? (old.password ?? target.password) : target.password };
  } catch (error) {
    if (error instanceof ConninfoError) return error;
    throw error;
  }
}

function nowConnected(session: Session, old: Target | null): string {
  const { target } = session;
  const base = `You are now connected to database "${target.database}" as user "${target.user}"`;
  return old && old.host === target.host && old.port === target.port
    ? `${base}.`
    : `${base} ${where(session)}.`;
}

/** What `\conninfo` says. */
export function conninfoText(session: Session): string {
  const { connection, target } = session;
  if (!connection) return 'You are currently not connected to a database.';
  return `You are connected to database "${target.database}" as user "${target.user}" ${where(session)}.`;
}

function where({ route, target }: Session): string {
  if (target.host === null) return `via socket in "${SOCKET_FOLDER}" at port "${target.port}"`;
  const address = route && 'shown' in route ? route.shown.address : target.host;
  return address === target.host
    ? `on host "${target.host}" at port "${target.port}"`
    : `on host "${target.host}" (address "${address}") at port "${target.port}"`;
}
