/** Commands that psql 14 has and the sandbox's does not; anything else is a slip of the learner. */
const FOREIGN = new Set(
  `cd copy copyright crosstabview dA dAc dAf dAo dAp da db dc dC dd dD ddp des det deu dew df dF dFd dFp dFt dl dL do dO
dp dP drds dRp dRs dT dy e edit ef elif else endif errverbose ev gdesc gexec gset h help H html if lo_export lo_import
lo_list lo_unlink o out password prompt s setenv sf sv T w write z !`.split(/\s+/),
);

export const isForeign = (name: string): boolean =>
  FOREIGN.has(name) || FOREIGN.has(name.replace(/[S+]+$/, ''));

export const KNOWN_HELP = `The sandbox's psql knows these commands:
  \\q                    quit
  \\c [DBNAME [USER]]    connect to another database
  \\conninfo             the connection that is open
  \\l[+]                 databases
  \\d[S+] [NAME]         relations; with NAME: its columns
  \\dt \\di \\dv \\dm \\ds   tables, indexes, views, materialized views, sequences
  \\dn \\du \\dx           schemas, roles, extensions
  \\g  \\gx  \\watch [SEC] send the statement (again); expanded; every SEC seconds
  \\p  \\r                print or clear the statement that is being typed
  \\i FILE  \\ir FILE     run the commands of a file
  \\x \\t \\a \\f \\C \\pset  how results look
  \\timing               show the time that a statement takes
  \\set \\unset \\echo      variables and text
`;
