import {
  type ListOptions,
  listDatabases,
  listExtensions,
  listRelations,
  listRoles,
  listSchemas,
} from '../describe/lists.ts';
import { describeRelations } from '../describe/relation.ts';
import type { Session } from '../session.ts';
import { type Answer, DONE, FAILED, refuse } from './answer.ts';

/** `\d…` and `\l`. null for another command. */
export async function describeCommand(
  session: Session,
  name: string,
  args: string[],
): Promise<Answer | null> {
  const [, bare, flags = ''] = /^(list|[a-zA-Z]+?)([S+]*)$/.exec(name) ?? [];
  const show = bare === undefined ? null : command(bare, flags);
  if (!show) return null;
  // A list takes a pattern without the semicolons that habit puts there.
  const pattern = args.shift()?.replace(/;+$/, '') || null;
  const options: ListOptions = { pattern, verbose: flags.includes('+'), system: flags.includes('S') };
  if (show === 'verbose extensions') return refuse(session, '\\dx+');
  return (await show(session, options)) ? DONE : FAILED;
}

type Show = (session: Session, options: ListOptions) => Promise<boolean>;

function command(bare: string, flags: string): Show | 'verbose extensions' | null {
  const always =
    (list: (session: Session, options: ListOptions) => Promise<void>): Show =>
    async (session, options) => {
      await list(session, options);
      return true;
    };
  switch (bare) {
    case 'l':
    case 'list':
      return always(listDatabases);
    case 'dn':
      return always(listSchemas);
    case 'dx':
      return flags.includes('+') ? 'verbose extensions' : always(listExtensions);
    case 'du':
    case 'dg':
      return always(listRoles);
    case 'd':
      return (session, options) =>
        options.pattern === null
          ? listRelations(session, 'tvmsE', options).then(() => true)
          : describeRelations(session, options.pattern, options);
  }
  const letters = /^d([tvmisE]+)$/.exec(bare)?.[1];
  return letters === undefined
    ? null
    : always((session, options) => listRelations(session, letters, options));
}
