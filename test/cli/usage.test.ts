import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshDist, openFolder, runCli } from '../helpers/cli.ts';

beforeAll(freshDist);

const HELP = 'See npx walkthrough --help.';
const helpOf = (verb: string) => `See npx walkthrough ${verb} --help.`;
const COMMANDS = 'Commands: learn, run, check, status, shell, runbook, reset, grade, doctor, concepts, lint.';

describe('what can not be understood is refused in one sentence, with the next step and exit code 2', () => {
  it.each<[string[], string, string]>([
    [['wlak'], 'There is no command "wlak".', COMMANDS],
    [['toString'], 'There is no command "toString".', COMMANDS],
    [['run', '--froom', '3'], 'There is no option --froom.', HELP],
    [['-x'], 'There is no option -x.', HELP],
    [['run', '--from'], 'The option --from needs a value.', HELP],
    [['run', '--from', '-3'], 'The option --from needs a value.', HELP],
    [['check', '--dir='], 'The option --dir needs a value.', helpOf('check')],
    [['check', '--course', ''], 'The option --course needs a value.', helpOf('check')],
    [['run', '--plain=yes'], 'The option --plain takes no value.', HELP],
    [['check', '--yes'], 'The option --yes is not for "check".', helpOf('check')],
    [['reset', '--from', '3'], 'The option --from is not for "reset".', helpOf('reset')],
    [
      ['run', '3'],
      '"run" can\'t be followed by "3".',
      'Name steps like this: npx walkthrough run --from 3 --to 5.',
    ],
    [['grade', 'x', '--dir', 'y'], 'The option --dir is not for "grade".', helpOf('grade')],
    [['grade', 'x', '--plain'], 'The option --plain is not for "grade".', helpOf('grade')],
    [['grade', 'x', '--yes'], 'The option --yes is not for "grade".', helpOf('grade')],
    [
      ['grade', 'x', '--jobs', '0'],
      '--jobs needs a whole number from 1 to 64, not "0".',
      'Or leave it out: half of the processors are used then.',
    ],
    [
      ['grade', '/nowhere/sumbissions'],
      'There is no file or folder "/nowhere/sumbissions".',
      'Check how the path is written.',
    ],
    [['runbook', '--yes'], 'The option --yes is not for "runbook".', helpOf('runbook')],
    [['runbook', 'mine'], '"runbook" can\'t be followed by "mine".', helpOf('runbook')],
    [['status', 'please'], '"status" can\'t be followed by "please".', helpOf('status')],
    [['concepts', 'wal', 'lsn'], '"concepts" can\'t be followed by "lsn".', helpOf('concepts')],
    [['run', '--lab', 'vm'], 'There is no lab "vm".', 'Labs: auto, docker, sandbox.'],
    [
      ['reset'],
      'reset removes things, and there is nobody to ask.',
      'Say that you mean it: npx walkthrough reset --yes.',
    ],
  ])('%j', async (args, message, next) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `${message}\n${next}\n`,
    });
  });

  it.each([
    ['check', '13'],
    ['check', 'no-such'],
    ['check', '0'],
    ['run', '--from', '13'],
    ['run', '--to', 'x'],
  ])('step: %s %s %s', async (...args) => {
    const { exitCode, stderr } = await runCli(args.filter((word) => word !== undefined));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^There is no step ".+": steps are 1 to 12\.\nTheir names: workspace, docker, /);
  });

  it('concept', async () => {
    const { exitCode, stderr } = await runCli(['concepts', 'nope']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^There is no concept "nope"\.\nConcepts: base-backup, /);
  });

  it('steps in the wrong order, and no folder is made for them', async () => {
    const cwd = await openFolder();
    const { exitCode, stderr } = await runCli(['run', '--from', '5', '--to', '3'], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: '--from 5 comes after --to 3.\nGive the smaller number to --from.\n',
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('with --json there is one document on stdout also when nothing could be done', () => {
  it.each<[string[], number]>([
    [['wlak', '--json'], 2],
    [['run', '--json', '--from', '99'], 2],
    [['check', '--json', 'nope'], 2],
    [['check', '--nope', '--json'], 2],
    [['status', '--json', '--dir', '/dev/null'], 2],
    [['runbook', '--json'], 2],
    [['reset', '--json'], 2],
    [['doctor', '--json', '--course', '/nowhere'], 2],
    [['lint', '--json', '/nowhere'], 2],
    [['concepts', '--json', 'nope'], 2],
    [['run', '--json', '--lab', 'docker'], 3],
  ])('%j', async (args, exitCode) => {
    const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const result = await runCli(args, { cwd: await openFolder(), env });
    const document = JSON.parse(result.stdout);
    expect(document).toEqual({
      schema: 'walkthrough/error/v1',
      tool: expect.stringMatching(/^pg-walkthrough \d/),
      message: expect.stringMatching(/\S/),
      next: expect.stringMatching(/\S/),
      exitCode,
    });
    expect(result.exitCode).toBe(exitCode);
    // People read it too, where the document goes to a file.
    expect(result.stderr).toContain(`${document.message}\n${document.next}\n`);
  });
});

describe('what needs no lab works anywhere', () => {
  const bare = { PATH: '/nowhere', HOME: undefined, DOCKER_HOST: 'unix:///nowhere.sock' };

  it.each([['--help'], ['--version'], ['concepts'], ['concepts', 'wal'], ['lint']])(
    '%s %s',
    async (...args) => {
      const { exitCode, stderr, stdout } = await runCli(
        args.filter((word) => word !== undefined),
        { env: bare },
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it.each([
    ['learn', '--plain'],
    ['run', '--from N', '--to N', '130'],
    ['check', '[STEP…]', '--json'],
    ['status', 'blocked'],
    ['shell', '--dir'],
    ['runbook', 'runbook.sh'],
    ['reset', '--yes, -y', '130'],
    ['grade', '--jobs', '--out', '--format', '--resume', '--trust-scripts', 'junit', '130'],
    ['doctor', '--lab'],
    ['concepts', '[NAME]'],
    ['lint', '[COURSE]'],
  ])('the help of %s, which is its own', async (verb, ...words) => {
    const { exitCode, stderr, stdout } = await runCli([verb, '--help'], { env: bare });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^walkthrough ${verb}\\b.*: `));
    for (const word of words) expect(stdout).toContain(word);
    if (verb === 'grade') expect(stdout).not.toMatch(/--dir|--plain/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(115);
  });

  it('the general help, which names every command and the way to the page of one', async () => {
    const { stdout } = await runCli(['--help'], { env: bare });
    for (const verb of COMMANDS.slice('Commands: '.length, -1).split(', '))
      expect(stdout).toContain(`\n  walkthrough ${verb} `);
    expect(stdout).toContain('walkthrough COMMAND --help');
  });

  it('one page of the glossary, with why its query can not be asked', async () => {
    const cwd = await openFolder();
    const why = 'The leader is not running yet: lesson 7 starts it.';
    const { stdout } = await runCli(['concepts', 'lag'], { env: bare, cwd });
    expect(stdout).toMatch(/\nSee it on the leader:\n {4}SELECT /);
    expect(stdout.endsWith(`\n\n${why}\n`)).toBe(true);
    const json = JSON.parse((await runCli(['concepts', 'lag', '--json'], { env: bare, cwd })).stdout);
    expect(json.concepts).toEqual([
      expect.objectContaining({ id: 'lag', answer: { state: 'unanswered', why } }),
    ]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('the glossary as one document', async () => {
    const { stdout } = await runCli(['concepts', '--json'], { env: bare });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'walkthrough/concepts/v1' });
  });
});
