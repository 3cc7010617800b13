import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import type { Mount } from '../../../../src/lab/sandbox/engine/types.ts';
import { accountsOf, type Identity, thisMachine } from '../../../../src/lab/sandbox/inside/files/identity.ts';
import { mountedFiles } from '../../../../src/lab/sandbox/inside/files/mounted.ts';
import type { FileInside } from '../../../../src/lab/sandbox/inside/files/tree.ts';
import { runProgram } from '../../../../src/lab/sandbox/inside/programs.ts';

export const DATA = '/var/lib/postgresql/data';
export const CONF = '/etc/postgresql/postgresql.conf';

/** A container's files: an empty data folder, an empty /output, and one mounted file with the text "hello". */
export class Box {
  readonly workspace: string;
  readonly accounts = accountsOf(thisMachine());
  readonly mounts: Mount[];

  constructor() {
    this.workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'inside-')));
    for (const folder of ['data', 'out']) mkdirSync(this.here(folder));
    writeFileSync(this.here('conf'), 'hello\n');
    this.mounts = [
      this.mount('data', DATA),
      this.mount('out', '/output'),
      { ...this.mount('conf', CONF), readOnly: false },
    ];
  }

  /** A path on this machine. */
  here(...parts: string[]): string {
    return path.join(this.workspace, ...parts);
  }

  mount(source: string, target: string): Mount {
    return { type: 'bind', source: this.here(source), target, readOnly: false };
  }

  files(who?: Identity) {
    const { mounts, workspace, accounts } = this;
    return mountedFiles({ mounts, workspace, accounts, ...(who ? { who } : {}) });
  }

  /** Runs a program as root of the container, or as someone else, and tells all that came out of it. */
  async run(
    argv: string[],
    options: { stdin?: string | Readable; who?: Identity; signal?: AbortSignal; cwd?: string } = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const text = { stdout: '', stderr: '' };
    const sink = (name: 'stdout' | 'stderr') =>
      new PassThrough().on('data', (piece: Buffer) => {
        text[name] += piece.toString('utf8');
      });
    const given = options.stdin ?? '';
    const stdin = typeof given === 'string' ? new PassThrough() : given;
    if (typeof given === 'string') (stdin as PassThrough).end(given);
    const inside: FileInside = {
      user: 'root',
      env: { PATH: '/usr/bin', HOME: '/root', HOSTNAME: 'box' },
      cwd: options.cwd ?? '/',
      stdin,
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      terminal: false,
      signal: options.signal ?? new AbortController().signal,
      files: this.files(options.who),
      network: { route: () => Promise.reject(new Error('nothing here connects')) },
      server: null,
    };
    const code = await runProgram(argv, inside);
    await new Promise((resolve) => setImmediate(resolve)); // the sinks are read in the next turn
    return { code, ...text };
  }

  remove(): void {
    rmSync(this.workspace, { recursive: true, force: true });
  }
}

/** Someone to whom nothing belongs. */
export const STRANGER: Identity = { uid: 54_321, gid: 54_321, superuser: false };
