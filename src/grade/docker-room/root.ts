import path from 'node:path';
import { Readable } from 'node:stream';
import { CommandError } from '../../lab/sandbox/command/refusal.ts';
import { containedOptions } from './contained.ts';
import { asking, unlessGone } from './failures.ts';
import { GREETING } from './greeting.ts';
import type { Ground } from './ground.ts';
import { FILE_RIGHTS } from './host-config.ts';
import { finish, runCommand } from './inside.ts';
import type { Ask } from './spool.ts';
import { parseSudo } from './sudo.ts';

/** Programs that read their input. */
const READERS = ['tee', 'cat', 'bash', 'sh'];

/**
 * What `sudo` asks for in a script: as root, but root of a container that sees the copy alone.
 * @param docker Serves `sudo docker …`.
 */
export async function runAsRoot(
  ask: Ask,
  ground: Ground,
  docker: (ask: Ask) => Promise<number>,
): Promise<number> {
  let line: ReturnType<typeof parseSudo>;
  try {
    line = parseSudo(ask.argv);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    ask.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  const { user, argv } = line;
  if (argv[0] === 'docker') return docker({ ...ask, argv: argv.slice(1) });
  const { workspace, prefix, gate } = ground;
  // The others leave the script's input to the script.
  const stdin = READERS.includes(path.basename(argv[0] ?? '')) ? ask.stdin : Readable.from([]);
  const within = ask.cwd === workspace || ask.cwd.startsWith(`${workspace}/`);
  const container = await asking(
    ground.docker.createContainer({
      ...containedOptions(ground, {
        kind: 'sudo',
        argv: ['sh', '-c', GREETING, 'sh', ...argv],
        user: user ?? '0:0',
        cwd: within ? ask.cwd : workspace,
        env: { HOME: '/tmp' },
        rights: FILE_RIGHTS,
      }),
      OpenStdin: true,
      StdinOnce: true,
    }),
    prefix,
  );
  const remove = () => unlessGone(container.remove({ force: true, v: true }), prefix);
  try {
    const running = await gate.alone(() =>
      runCommand(['start', '--attach', '--interactive', container.id], { ...ask, stdin }, ground),
    );
    return await finish(running, ask.signal, remove);
  } finally {
    await remove();
  }
}
