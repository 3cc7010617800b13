import { parseArgs } from 'node:util';
import type { Command, Options } from './commands/context.ts';
import { EXIT, UserError } from './errors.ts';
import { fileReason } from './learn/file-reason.ts';
import { VERSION } from './version.ts';

// The front door: arguments in, exit code out. It imports nothing heavy, so that the first line comes at once.

interface Verb {
  load: () => Promise<Command>;
  /** What may stand after the verb. */
  words: string;
  /** How many words may stand there; none where it is left out. */
  atMost?: number;
  /** Options that only this verb takes. */
  takes?: readonly (keyof typeof SPECIAL)[];
  /** Options of all verbs that mean nothing for this one. */
  refuses?: readonly ('dir' | 'plain')[];
  about: string;
  /** Said before anything is loaded, so that something is on the screen at once. */
  opening?: string;
}

/** Options that are not for every verb. */
const SPECIAL = {
  from: { type: 'string' },
  to: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  jobs: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string', multiple: true },
  resume: { type: 'boolean' },
  'trust-scripts': { type: 'boolean' },
} as const;

const VERBS: Record<string, Verb> = {
  learn: {
    load: async () => (await import('./commands/learn.ts')).learn,
    words: '',
    about: 'the interactive walk (the default)',
  },
  run: {
    load: async () => (await import('./commands/run.ts')).run,
    words: '',
    about: 'all steps unattended; stops at the first failure',
    takes: ['from', 'to'],
    opening: 'all steps, unattended',
  },
  check: {
    load: async () => (await import('./commands/check.ts')).check,
    words: '[STEP…]',
    atMost: Number.POSITIVE_INFINITY,
    about: 'judge the state as it is now',
  },
  status: {
    load: async () => (await import('./commands/status.ts')).status,
    words: '',
    about: 'where you are, and what holds now',
  },
  shell: {
    load: async () => (await import('./commands/shell.ts')).shell,
    words: '',
    about: "your own shell in your folder, with the lab's docker",
  },
  runbook: {
    load: async () => (await import('./commands/runbook.ts')).runbook,
    words: '',
    about: 'write what you did as runbook.md, and as a script: runbook.sh',
  },
  reset: {
    load: async () => (await import('./commands/reset.ts')).reset,
    words: '',
    about: 'remove all that this tool made',
    takes: ['yes'],
  },
  grade: {
    load: async () => (await import('./commands/grade.ts')).grade,
    words: 'DIR…',
    atMost: Number.POSITIVE_INFINITY,
    about: 'grade submissions, one or a class',
    takes: ['jobs', 'out', 'format', 'resume', 'trust-scripts'],
    refuses: ['dir', 'plain'],
  },
  doctor: {
    load: async () => (await import('./commands/doctor.ts')).doctor,
    words: '',
    about: 'what this machine has, what is missing, how to mend it',
  },
  concepts: {
    load: async () => (await import('./commands/concepts.ts')).concepts,
    words: '[NAME]',
    atMost: 1,
    about: 'the glossary',
  },
  lint: {
    load: async () => (await import('./commands/lint.ts')).lint,
    words: '[COURSE]',
    atMost: 1,
    about: 'check a course folder',
  },
};

const HELP = `walkthrough: PostgreSQL leader-follower replication, in twelve steps that you run and prove

${Object.entries(VERBS)
  .map(([verb, { words, about }]) => `  walkthrough ${`${verb} ${words}`.trim().padEnd(16)} ${about}`)
  .join('\n')}

Options and exit codes of one command: walkthrough COMMAND --help

everywhere
  --lab LAB          where commands run: docker is your own engine, sandbox is two servers without
                     Docker, auto takes docker where its engine answers
  --dir DIR          your folder (./solutions); not for grade
  --course DIR       a course of your own
  --json             one JSON document on stdout, nothing else there
  --plain            plain lines, no live screen; not for grade
  --help  --version

exit codes
  0 all passed   1 a check failed   2 bad usage or a bad course
  3 the environment can't be used   4 partial, it was cut short   130 interrupted
`;

function parse(argv: string[]): {
  verb: string;
  options: Options;
  help: 'general' | 'own' | null;
  version: boolean;
} {
  let parsed: ReturnType<typeof parseAll>;
  try {
    parsed = parseAll(argv);
  } catch (error) {
    throw new UserError(explainParse((error as Error).message), 'See npx walkthrough --help.');
  }
  const { values, positionals } = parsed;
  const [verb = 'learn', ...words] = positionals;
  const entry = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!entry) {
    throw new UserError(`There is no command "${verb}".`, `Commands: ${Object.keys(VERBS).join(', ')}.`);
  }
  refuseMisplaced(verb, entry, words, values);
  const lab = values.lab ?? 'auto';
  if (lab !== 'auto' && lab !== 'docker' && lab !== 'sandbox') {
    throw new UserError(`There is no lab "${lab}".`, 'Labs: auto, docker, sandbox.');
  }
  return {
    verb,
    help: values.help ? (positionals.length === 0 ? 'general' : 'own') : null,
    version: values.version ?? false,
    options: {
      lab,
      words,
      dir: values.dir,
      course: values.course,
      json: values.json ?? false,
      plain: values.plain ?? false,
      yes: values.yes ?? false,
      from: values.from,
      to: values.to,
      jobs: values.jobs,
      out: values.out,
      format: values.format,
      resume: values.resume ?? false,
      trustScripts: values['trust-scripts'] ?? false,
      tool: `pg-walkthrough ${VERSION}`,
    },
  };
}

/** One sentence for what parseArgs says in several. */
function explainParse(message: string): string {
  const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1];
  if (option === undefined) return message;
  if (message.startsWith('Unknown option')) return `There is no option ${option}.`;
  return `The option ${option} ${message.includes('does not take') ? 'takes no value' : 'needs a value'}.`;
}

/** What would be ignored is refused: whoever wrote it expects that it counts. */
function refuseMisplaced(
  verb: string,
  { atMost = 0, takes = [], refuses = [] }: Verb,
  words: string[],
  values: Record<string, unknown>,
): void {
  const help = `See npx walkthrough ${verb} --help.`;
  const extra = words[atMost];
  if (extra !== undefined) {
    const next = verb === 'run' ? 'Name steps like this: npx walkthrough run --from 3 --to 5.' : help;
    throw new UserError(`"${verb}" can't be followed by "${extra}".`, next);
  }
  const special = Object.keys(SPECIAL) as (keyof typeof SPECIAL)[];
  for (const option of [...special.filter((one) => !takes.includes(one)), ...refuses]) {
    if (values[option] !== undefined)
      throw new UserError(`The option --${option} is not for "${verb}".`, help);
  }
  for (const [option, value] of Object.entries(values)) {
    if (value === '') throw new UserError(`The option --${option} needs a value.`, help);
  }
}

function parseAll(argv: string[]) {
  return parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      lab: { type: 'string' },
      dir: { type: 'string' },
      course: { type: 'string' },
      json: { type: 'boolean' },
      plain: { type: 'boolean' },
      ...SPECIAL,
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'V' },
    },
  });
}

async function main(argv: string[]): Promise<number> {
  refuseGoneFolder();
  const { verb, options, help, version } = parse(argv);
  if (help) {
    process.stdout.write(help === 'general' ? HELP : (await import('./commands/help.ts')).helpOf(verb));
    return EXIT.passed;
  }
  if (version) {
    process.stdout.write(`${options.tool}\n`);
    return EXIT.passed;
  }
  const nobodyTypes = verb === 'learn' && !process.stdin.isTTY;
  const entry = VERBS[nobodyTypes ? 'run' : verb];
  if (!entry) return EXIT.usage;
  const talk = options.json ? process.stderr : process.stdout;
  if (nobodyTypes) talk.write('There is no terminal on stdin, so the walk runs unattended.\n');
  if (entry.opening) talk.write(`${options.tool}: ${entry.opening}\n`);
  return (await entry.load())(options);
}

/** A shell can stand in a folder that was deleted; hardly anything works there. */
function refuseGoneFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new UserError(
      'The folder that you are in does not exist any more.',
      'Go to another one (cd), then try again.',
      EXIT.unusable,
    );
  }
}

/** Errors of the file system that are the machine's, not ours: no right, no room, no such device. */
const OF_THE_MACHINE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'];

function asUserError(error: unknown): UserError | null {
  if (error instanceof UserError) return error;
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (!OF_THE_MACHINE.includes(code) || path === undefined) return null;
  return new UserError(
    `${path} can't be used: ${fileReason(error)}.`,
    'Mend that, then try again.',
    EXIT.unusable,
  );
}

/**
 * One sentence and the next step for what the user can mend; everything for a bug of ours. With --json the same as
 * a document on stdout, so that there always is one.
 */
function report(error: unknown, json: boolean): number {
  const known = asUserError(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { message, next, exitCode } = known ?? {
    message: `This is a bug in walkthrough ${VERSION}. Please report it with these lines.`,
    next: stack,
    exitCode: 70,
  };
  process.stderr.write(`${message}\n${next}\n`);
  if (json) {
    const document = {
      schema: 'walkthrough/error/v1',
      tool: `pg-walkthrough ${VERSION}`,
      message,
      next,
      exitCode,
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return exitCode;
}

// A reader that has gone away (`walkthrough check | head`) is no error, and does not change what the exit code says.
// What still runs goes on, or listens for this itself.
const GONE = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'];
let outputLost = false;
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (outputLost || GONE.includes(error.code ?? '')) return;
  outputLost = true;
  process.exitCode = EXIT.unusable;
  process.stderr.write(`The output can't be written: ${fileReason(error)}.\nMend that, then try again.\n`);
});

/** Ends even where something still waits, such as an engine that took a question and never answers. */
function end(code: number): void {
  process.exitCode = outputLost ? EXIT.unusable : code;
  setInterval(() => {
    if (process.stdout.writableLength === 0) process.exit();
  }, 500).unref();
}

const argv = process.argv.slice(2);
main(argv).then(end, (error: unknown) => end(report(error, argv.includes('--json'))));
