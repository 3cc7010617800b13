import { CommandError } from '../../lab/sandbox/command/refusal.ts';

/** What a script may do as root: look after the files of the server. */
const PROGRAMS = new Set('rm chown chmod mkdir ls find cp mv cat tee bash sh docker'.split(' '));
const FLAGS = /^-[EHnSi]+$/;

/** `sudo [-E] [-u user] CMD …`. Throws CommandError for a line that goes beyond that. */
export function parseSudo(words: string[]): { user: string | null; argv: string[] } {
  const rest = [...words];
  let user: string | null = null;
  for (let word = rest[0]; word?.startsWith('-'); word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    if (word === '-u' || word === '--user') user = rest.shift() ?? null;
    else if (!FLAGS.test(word)) throw refuse(`the grader does not know the option ${word} of sudo`);
  }
  while (/^[A-Za-z_]\w*=/.test(rest[0] ?? '')) rest.shift();
  const [program = ''] = rest;
  if (!PROGRAMS.has(program.replace(/^\/(?:usr\/)?bin\//, '')))
    throw refuse(`the grader does not know sudo ${program}: it knows ${[...PROGRAMS].join(', ')}`);
  return { user, argv: rest };
}

const refuse = (message: string) => new CommandError(`${message}\nLeave it out.`, 1);
