import { CommandError, refused } from '../command/refusal.ts';
import { UsageError } from './files/messages.ts';
import type { FileInside, FileProgram } from './files/tree.ts';
import { BrokenPipe, Interrupted, SIGINT_CODE, SIGPIPE_CODE, write } from './streams.ts';

const fixed =
  (exitCode: number): FileProgram =>
  () =>
    Promise.resolve(exitCode);

/** The image's programs that the sandbox knows. Each is loaded when it is asked for: a command must start fast. */
const PROGRAMS: Record<string, () => Promise<FileProgram>> = {
  '[': async () => (await import('./files/programs/test.ts')).test,
  bash: async () => (await import('./shell/shell.ts')).shell,
  cat: async () => (await import('./files/programs/content.ts')).cat,
  chmod: async () => (await import('./files/programs/owner.ts')).chmod,
  chown: async () => (await import('./files/programs/owner.ts')).chown,
  cp: async () => (await import('./files/programs/copy.ts')).cp,
  dash: async () => (await import('./shell/shell.ts')).shell,
  du: async () => (await import('./files/programs/stat.ts')).du,
  echo: async () => (await import('./files/programs/words.ts')).echo,
  egrep: async () => (await import('./files/programs/grep.ts')).grep,
  env: async () => (await import('./files/programs/who.ts')).env,
  false: async () => fixed(1),
  find: async () => (await import('./files/programs/find.ts')).find,
  grep: async () => (await import('./files/programs/grep.ts')).grep,
  head: async () => (await import('./files/programs/content.ts')).head,
  hostname: async () => (await import('./files/programs/who.ts')).hostname,
  id: async () => (await import('./files/programs/who.ts')).id,
  ls: async () => (await import('./files/programs/ls.ts')).ls,
  mkdir: async () => (await import('./files/programs/make.ts')).mkdir,
  mv: async () => (await import('./files/programs/copy.ts')).mv,
  pg_basebackup: async () => (await import('./pg-basebackup/pg-basebackup.ts')).pgBasebackup,
  pg_ctl: async () => (await import('./pg-ctl.ts')).pgCtl,
  pg_isready: async () => (await import('./pg-isready.ts')).pgIsReady,
  printenv: async () => (await import('./files/programs/who.ts')).printenv,
  printf: async () => (await import('./files/programs/words.ts')).printf,
  psql: async () => (await import('./psql/psql.ts')).psql,
  pwd: async () => (await import('./files/programs/who.ts')).pwd,
  rm: async () => (await import('./files/programs/remove.ts')).rm,
  rmdir: async () => (await import('./files/programs/remove.ts')).rmdir,
  sed: async () => (await import('./files/programs/sed.ts')).sed,
  sh: async () => (await import('./shell/shell.ts')).shell,
  sleep: async () => (await import('./files/programs/who.ts')).sleep,
  stat: async () => (await import('./files/programs/stat.ts')).stat,
  tail: async () => (await import('./files/programs/content.ts')).tail,
  tee: async () => (await import('./files/programs/content.ts')).tee,
  test: async () => (await import('./files/programs/test.ts')).test,
  touch: async () => (await import('./files/programs/make.ts')).touch,
  true: async () => fixed(0),
  wc: async () => (await import('./files/programs/content.ts')).wc,
  whoami: async () => (await import('./files/programs/who.ts')).whoami,
};

/** Its name without the folder of the image in which programs are. */
const plainName = (program: string): string => program.replace(/^\/(?:[\w./-]*\/)?s?bin\/(?=[^/]+$)/, '');

export const isKnown = (program: string): boolean => Object.hasOwn(PROGRAMS, plainName(program));

export const unknownProgram = (program: string): CommandError =>
  refused(
    `the sandbox does not know the program ${program}`,
    `It knows ${Object.keys(PROGRAMS).slice(1).join(', ')}`,
  );

/** Runs a program of the image by its name or path, and answers its exit code; 125 for one that is not known. */
export async function runProgram(argv: string[], inside: FileInside): Promise<number> {
  const name = plainName(argv[0] ?? '');
  return guarded(inside, async () => {
    const load = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
    if (load === undefined) throw unknownProgram(argv[0] ?? '');
    return (await load())([name, ...argv.slice(1)], inside);
  });
}

/** Says what a program threw, and makes an exit code of it. */
export async function guarded(inside: FileInside, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BrokenPipe) return SIGPIPE_CODE;
    if (error instanceof Interrupted) return SIGINT_CODE;
    if (!(error instanceof UsageError || error instanceof CommandError)) throw error;
    await write(inside.stderr, `${error.message}\n`).catch(() => {});
    return error.exitCode;
  }
}
