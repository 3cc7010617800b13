import { refused } from '../../../command/refusal.ts';
import { wait, write } from '../../streams.ts';
import { UsageError, usage } from '../messages.ts';
import { readOptions } from '../options.ts';
import type { FileInside, FileProgram } from '../tree.ts';

function whoIsIt({ files: { who, accounts } }: FileInside) {
  const uid = who.superuser ? 0 : accounts.shownUid(who.uid);
  // Without root on this machine, root's group in the container is ours.
  const gid = who.superuser ? 0 : accounts.shownGid(who.gid);
  const name = (number: number) => (number === 0 ? 'root' : number === 999 ? 'postgres' : null);
  return { uid, gid, user: name(uid), group: name(gid) };
}

export const id: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, { flags: 'ugn', long: { user: 'u', group: 'g', name: 'n' } });
  if (operands.length > 0) throw refused('the sandbox knows id for the own user only');
  const { uid, gid, user, group } = whoIsIt(inside);
  const named = (number: number, name: string | null) =>
    name === null ? String(number) : `${number}(${name})`;
  if (has('n') && !has('u') && !has('g'))
    throw new UsageError('id: cannot print only names or real IDs in default format');
  if (has('u') || has('g')) {
    const [number, name] = has('u') ? [uid, user] : [gid, group];
    if (has('n') && name === null)
      throw new UsageError(`id: cannot find name for ${has('u') ? 'user' : 'group'} ID ${number}\n${number}`);
    await write(inside.stdout, `${has('n') ? name : number}\n`);
    return 0;
  }
  await write(
    inside.stdout,
    `uid=${named(uid, user)} gid=${named(gid, group)} groups=${named(gid, group)}\n`,
  );
  return 0;
};

export const whoami: FileProgram = async (argv, inside) => {
  readOptions(argv, {});
  const { uid, user } = whoIsIt(inside);
  if (user === null) throw new UsageError(`whoami: cannot find name for user ID ${uid}`);
  await write(inside.stdout, `${user}\n`);
  return 0;
};

export const pwd: FileProgram = async (argv, inside) => {
  readOptions(argv, { flags: 'LP' });
  await write(inside.stdout, `${inside.cwd}\n`);
  return 0;
};

export const hostname: FileProgram = async (argv, inside) => {
  const { operands } = readOptions(argv, { flags: 's' });
  if (operands.length > 0) throw new UsageError('hostname: you must be root to change the host name');
  await write(inside.stdout, `${inside.env.HOSTNAME ?? ''}\n`);
  return 0;
};

export const printenv: FileProgram = async (argv, inside) => {
  const { operands } = readOptions(argv, {});
  if (operands.length === 0) return printAll(inside);
  let code = 0;
  for (const name of operands) {
    const value = inside.env[name];
    if (value === undefined) code = 1;
    else await write(inside.stdout, `${value}\n`);
  }
  return code;
};

async function printAll({ env, stdout }: FileInside): Promise<number> {
  for (const [name, value] of Object.entries(env)) await write(stdout, `${name}=${value}\n`);
  return 0;
}

export const env: FileProgram = async ([, ...words], inside) => {
  const added: Record<string, string> = {};
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('-')) throw refused(`the sandbox does not know the option ${word} of env`);
    const [, name = '', value = ''] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
    if (name === '') break;
    added[name] = value;
  }
  const own = { ...inside, env: { ...inside.env, ...added } };
  const argv = words.slice(at);
  if (argv.length === 0) return printAll(own);
  const { runProgram } = await import('../../programs.ts');
  return runProgram(argv, own);
};

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

export const sleep: FileProgram = async (argv, inside) => {
  const { operands } = readOptions(argv, {});
  if (operands.length === 0) throw usage('sleep', 'missing operand');
  let seconds = 0;
  for (const word of operands) {
    const [, number, unit = ''] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word) ?? [];
    if (number === undefined) throw usage('sleep', `invalid time interval ‘${word}’`);
    seconds += Number(number) * (UNITS[unit] ?? 1);
  }
  for (let left = seconds * 1000; left > 0; left -= LONGEST_TIMER) {
    await wait(Math.min(left, LONGEST_TIMER), inside.signal);
  }
  return 0;
};

const LONGEST_TIMER = 2 ** 31 - 1;
