import type { Session } from './session.ts';

/** PROMPT1 or PROMPT2 filled in; `mark` says what is still open. '' where no terminal asks. */
export function promptText(session: Session, mark: string): string {
  if (!session.interactive) return '';
  const { connection, target, variables } = session;
  const pattern = variables.get(mark === '=' ? 'PROMPT1' : 'PROMPT2') ?? '';
  const status = connection?.transaction();
  const host = target.host ?? '[local]';
  const values: Record<string, string> = {
    '/': connection ? target.database : '',
    '~': target.database === target.user ? '~' : target.database,
    n: target.user,
    m: host.split('.')[0] ?? host,
    M: host,
    '>': String(target.port),
    R: mark === '=' ? (connection ? '=' : '!') : mark,
    x: status === undefined ? '?' : { I: '', T: '*', E: '!' }[status],
    // Of a superuser; the server reports it to every client.
    '#': connection?.parameter('is_superuser') === 'on' ? '#' : '>',
    '%': '%',
  };
  return pattern.replace(/%(:[^:]*:|.)/g, (_, key: string) =>
    key.startsWith(':') ? (variables.get(key.slice(1, -1)) ?? '') : (values[key] ?? ''),
  );
}
