import { print } from '../print/print.ts';
import type { Style, Table } from '../print/table.ts';
import { runQuery } from '../query.ts';
import { describeDiagnostics, out, type Session, tell } from '../session.ts';
import { tableOf } from '../statement.ts';

/** A query of psql's own could not be answered; it has been told. */
export class AskFailed extends Error {}

type Rows = (string | null)[][];

/** Asks the catalogs something. Throws AskFailed, after the server's complaint has been shown. */
export async function ask(session: Session, sql: string): Promise<Rows> {
  return (await askTable(session, sql)).rows as Rows;
}

/** The same with names and alignments of the columns. */
export async function askTable(session: Session, sql: string): Promise<Table> {
  if (!session.connection) {
    await tell(session, 'You are currently not connected to a database.');
    throw new AskFailed();
  }
  const outcome = await runQuery(session.connection, sql, {
    input: async function* () {},
    output: () => {},
  });
  if (outcome.kind === 'rows') return tableOf(outcome.columns, outcome.rows);
  if (outcome.kind === 'error') await tell(session, describeDiagnostics(session, outcome.said, sql, true));
  throw new AskFailed();
}

/** Shows a list of psql's own: NULL is empty there whatever `\pset null` says. */
export async function showList(session: Session, table: Table, style: Partial<Style> = {}): Promise<void> {
  await out(session, print(table, { ...session.style, nullText: '', ...style }));
}
