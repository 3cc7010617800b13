import { parseArgs } from 'node:util';
import type { Command, Options } from './commands/context.ts';
import { EXIT, UserError } from './errors.ts';
import { VERSION } from './version.ts';

// The front door: arguments in, exit code out. It imports nothing heavy, so that the first line comes at once.

interface Verb {
  load: () => Promise<Command>;
  /** What may stand after the verb. */
  words: string;
  about: string;
  /** Said before anything is loaded, so that something is on the screen at once. */
  opening?: string;
}

const VERBS: Record<string, Verb> = {
  learn: {
    load: async () => (await import('./commands/learn.ts')).learn,
    words: '',
    about: 'the interactive walk (the default)',
  },
  run: {
    load: async () => (await import('./commands/run.ts')).run,
    words: '',
    about: 'all steps unattended; stops at the first failure  [--from N] [--to N]',
    opening: 'all steps, unattended',
  },
  check: {
    load: async () => (await import('./commands/check.ts')).check,
    words: '[STEP…]',
    about: 'judge the state as it is now',
  },
  status: {
    load: async () => (await import('./commands/status.ts')).status,
    words: '',
    about: 'where you are, and what holds now',
  },
  reset: {
    load: async () => (await import('./commands/reset.ts')).reset,
    words: '',
    about: 'remove all that this tool made  [--yes]',
  },
  doctor: {
    load: async () => (await import('./commands/doctor.ts')).doctor,
    words: '',
    about: 'what this machine has, what is missing, how to mend it',
  },
  concepts: {
    load: async () => (await import('./commands/concepts.ts')).concepts,
    words: '[NAME]',
    about: 'the glossary',
  },
  lint: {
    load: async () => (await import('./commands/lint.ts')).lint,
    words: '[COURSE]',
    about: 'check a course folder',
  },
};

const HELP = `walkthrough: PostgreSQL leader-follower replication, in twelve steps that you run and prove

${Object.entries(VERBS)
  .map(([verb, { words, about }]) => `  walkthrough ${`${verb} ${words}`.trim().padEnd(16)} ${about}`)
  .join('\n')}

everywhere
  --lab auto|docker  where commands run: docker is your own engine (auto takes it)
  --dir DIR          your folder (./solutions)
  --course DIR       a course of your own
  --json             one JSON document on stdout, nothing else there
  --plain            plain lines, no live screen
  --help  --version

exit codes
  0 all passed   1 a check failed   2 bad usage or a bad course
  3 the environment can't be used   4 partial, it was cut short   130 interrupted
`;

function parse(argv: string[]): { verb: string; options: Options; help: boolean; version: boolean } {
  let parsed: ReturnType<typeof parseAll>;
  try {
    parsed = parseAll(argv);
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(
      `${(message.split('. ')[0] ?? message).replace(/\.$/, '')}.`,
      'See walkthrough --help.',
    );
  }
  const { values, positionals } = parsed;
  const [verb = 'learn', ...words] = positionals;
  if (!(verb in VERBS)) {
    throw new UserError(`There is no command "${verb}".`, `Commands: ${Object.keys(VERBS).join(', ')}.`);
  }
  const lab = values.lab ?? 'auto';
  if (lab !== 'auto' && lab !== 'docker' && lab !== 'sandbox') {
    throw new UserError(`There is no lab "${lab}".`, 'Labs: auto, docker, sandbox.');
  }
  return {
    verb,
    help: values.help ?? false,
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
      tool: `pg-walkthrough ${VERSION}`,
    },
  };
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
      yes: { type: 'boolean', short: 'y' },
      from: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'V' },
    },
  });
}

async function main(argv: string[]): Promise<number> {
  const { verb, options, help, version } = parse(argv);
  if (help) {
    process.stdout.write(HELP);
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

/** One sentence and the next step for what the user can mend; everything for a bug of ours. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n${error.next}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `This is a bug in walkthrough ${VERSION}. Please report it with these lines.\n${text}\n`,
  );
  return 70;
}

// A reader that has gone away (`walkthrough concepts | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.passed);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = report(error);
  },
);
