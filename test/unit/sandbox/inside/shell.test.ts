import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Box } from './box.ts';

let box: Box;
beforeEach(() => {
  box = new Box();
});
afterEach(() => box.remove());

const sh = (script: string, shell = 'sh') => box.run([shell, '-c', script]);

// Seen with dash and bash of the image; the same in both.
const SAME: [string, string, number][] = [
  ['echo "a  b" $NOPE \'c  d\' "$(printf "x\\n\\n")y" \\$z', 'a  b c  d xy $z\n', 0],
  ['x="a  b"; echo $x; echo "$x"; y=$x; echo "$y"', 'a b\na  b\na  b\n', 0],
  [`echo $?x\${HOME}y"$HOME"z ~/q "~"`, '0x/rooty/rootz /root/q ~\n', 0],
  ['echo a; # comment\necho b # more\n\n\necho c#d', 'a\nb\nc#d\n', 0],
  ['echo a\\\nb; echo "c\\\nd"', 'ab\ncd\n', 0],
  ['true && false || echo or; false && echo no; ! false && echo not', 'or\nnot\n', 0],
  ['false; echo $?; (exit 3); echo $?; true | false; echo $?', '1\n3\n1\n', 0],
  ['if [ 1 -lt 0 ]; then echo a; elif [ 1 -lt 2 ]; then echo b; else echo c; fi', 'b\n', 0],
  [
    'for i in a b; do for j in 1 2; do if [ $j = 2 ]; then continue 2; fi; echo $i$j; done; done',
    'a1\nb1\n',
    0,
  ],
  ['i=x; while [ $i != xxx ]; do i=x$i; done; until true; do echo no; done; echo $i', 'xxx\n', 0],
  ['while true; do echo once; break; done; echo $?', 'once\n0\n', 0],
  ['a=1; { a=2; }; echo $a; (a=3); echo $a; echo x | a=4; echo $a', '2\n2\n2\n', 0],
  ['A=1 env | grep ^A=; echo "[$A]"; export B="x y"; sh -c \'echo "$B"\'', 'A=1\n[]\nx y\n', 0],
  ['cat <<EOF\nhello $HOME $(echo sub) \\$x "q"\nEOF\necho after', 'hello /root sub $x "q"\nafter\n', 0],
  ["cat <<'EOF'\n$HOME\nEOF", '$HOME\n', 0],
  ['cat <<-EOF\n\thi\n\tEOF', 'hi\n', 0],
  ['cd /output && pwd; echo $PWD', '/output\n/output\n', 0],
  ['ls /nope 2>/dev/null; echo $?', '2\n', 0],
  ['ls /nope >/output/l 2>&1; cat /output/l', "ls: cannot access '/nope': No such file or directory\n", 0],
  ['ls /nope &> /output/l; cat /output/l', "ls: cannot access '/nope': No such file or directory\n", 0],
  ['{ echo a; echo b; } > /output/g; echo c >> /output/g; wc -l < /output/g', '3\n', 0],
  [
    'echo 1 > /output/b; echo 2 > /output/.h; echo /output/* /output/? "/output/*" /output/z*',
    '/output/b /output/b /output/* /output/z*\n',
    0,
  ],
  ['cd /output; touch "a b"; for f in *; do echo "[$f]"; done', '[a b]\n', 0],
  [
    'set -e; false || echo yes; false && echo no; ! true; if false; then echo a; fi; echo end; false; echo never',
    'yes\nend\n',
    1,
  ],
  ['set -e; x=$(false); echo never', '', 1],
  ['false; exit', '', 1],
  ['exit 7', '', 7],
  ['x=$(exit 3); echo $?', '3\n', 0],
  ['for i in 1 2 3; do echo $i; done | head -n 2', '1\n2\n', 0],
  ['x=\'echo hi\'; $x; "ec"ho there; $NOPE echo x', 'hi\nthere\nx\n', 0],
  ['printf "%s %s\\n" a b c; printf "%03d|%-3s|%%\\n" 7 x', 'a b\nc \n007|x  |%\n', 0],
  ['[ -f /output ] || [ -d /output -a ! -e /nope ] && test -n x && [ "" ] || echo e', 'e\n', 0],
];

it.each(SAME)('runs %j', async (script, stdout, code) => {
  for (const shell of ['sh', 'bash']) {
    for (const name of readdirSync(box.here('out'))) rmSync(box.here('out', name));
    expect([shell, await sh(script, shell)]).toEqual([shell, { code, stdout, stderr: '' }]);
  }
});

it.each([
  ['sh', 'echo "a\\tb"; echo -e q; echo -n z', 'a\tb\n-e q\nz', ''],
  ['bash', 'echo "a\\tb"; echo -e "q\\tr"; echo -n z', 'a\\tb\nq\tr\nz', ''],
  ['sh', 'cd /nope; echo $?', '2\n', "sh: 1: cd: can't cd to /nope\n"],
  ['bash', 'cd /nope; echo $?', '1\n', 'bash: line 1: cd: /nope: No such file or directory\n'],
  ['sh', '\necho x > /nope/x; echo $?', '2\n', 'sh: 2: cannot create /nope/x: Directory nonexistent\n'],
  ['bash', '\necho x > /nope/x; echo $?', '1\n', 'bash: line 2: /nope/x: No such file or directory\n'],
  ['sh', 'cat < /nope; echo $?', '2\n', 'sh: 1: cannot open /nope: No such file\n'],
  ['sh', 'set -u; echo $NOPE; echo more', '', 'sh: 1: NOPE: parameter not set\n'],
  ['bash', 'set -euo pipefail; false | true; echo no', '', ''],
  ['sh', 'test 1 -eq x; echo $?', '2\n', 'sh: 1: test: Illegal number: x\n'],
])('%s runs %j as itself', async (shell, script, stdout, stderr) => {
  expect(await sh(script, shell)).toMatchObject({ stdout, stderr });
});

it.each([
  [
    'if true; then',
    'sh: 1: Syntax error: end of file unexpected (expecting "fi")\n',
    'bash: -c: line 2: syntax error: unexpected end of file\n',
  ],
  [
    'echo )',
    'sh: 1: Syntax error: ")" unexpected\n',
    "bash: -c: line 1: syntax error near unexpected token `)'\nbash: -c: line 1: `echo )'\n",
  ],
  [
    'echo "abc',
    'sh: 1: Syntax error: Unterminated quoted string\n',
    'bash: -c: line 1: unexpected EOF while looking for matching `"\'\n',
  ],
])('finds the mistake in %j before it runs anything', async (script, dash, bash) => {
  expect(await sh(script)).toEqual({ code: 2, stdout: '', stderr: dash });
  expect(await sh(script, 'bash')).toEqual({ code: 2, stdout: '', stderr: bash });
});

describe('what the shell does not know is refused before anything runs:', () => {
  it.each([
    ['f() { echo; }', 'functions'],
    ['case $x in a) ;; esac', 'case'],
    ['sleep 1 &', '& (a command in the background)'],
    ['echo $((1+1))', 'arithmetic such as $((1 + 1))'],
    ['echo `date`', '`…`'],
    [`echo \${x:-1}`, `$\{x:-1}`],
    ['echo $1', '$1'],
    ['set -x', 'set -x'],
    ['eval ls', 'eval'],
    ['cat <<< x', '<<<'],
    ['exec ls', 'exec'],
    ['[[ a = a ]]', '[['],
  ])('%s', async (script, what) => {
    const { code, stdout, stderr } = await sh(`echo ran > /output/ran; ${script}`);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 125,
      stdout: '',
      first: `the sandbox's shell does not know ${what}`,
    });
    expect(existsSync(box.here('out/ran'))).toBe(false);
  });

  it('a program', async () => {
    writeFileSync(box.here('out/kept'), '');
    const { code, stderr } = await sh('rm -rf /output/*; apt-get install vim');
    expect({ code, kept: existsSync(box.here('out/kept')) }).toEqual({ code: 125, kept: true });
    expect(stderr).toMatch(/^the sandbox does not know the program apt-get\n/);
  });
});

it('reads a script from standard input or a file, with options before it', async () => {
  writeFileSync(box.here('out/script'), 'echo "$(pwd)"\nexit 4\n');
  expect(await box.run(['bash'], { stdin: 'echo in; exit 5' })).toMatchObject({ code: 5, stdout: 'in\n' });
  expect(await box.run(['sh', '/output/script'])).toMatchObject({ code: 4, stdout: '/\n' });
  expect(await box.run(['bash', '-lc', 'echo login'])).toMatchObject({ code: 0, stdout: 'login\n' });
  expect(await box.run(['sh', '-ec', 'false; echo no'])).toMatchObject({ code: 1, stdout: '' });
  expect(await box.run(['sh', '-c'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'sh: 0: -c requires an argument\n',
  });
});

it('ends a pipeline whose reader has enough, also an endless one', async () => {
  expect(await sh('while true; do echo y; done | head -n 1')).toMatchObject({ code: 0, stdout: 'y\n' });
});

it('passes through a pipe more than it holds', async () => {
  writeFileSync(box.here('out/big'), `${'x'.repeat(99)}\n`.repeat(20_000));
  expect((await sh('cat /output/big | cat | tee /output/copy | wc -l')).stdout).toBe('20000\n');
  expect(readFileSync(box.here('out/copy'), 'utf8').length).toBe(2_000_000);
});

it('gives standard input to one command after the other', async () => {
  expect((await box.run(['sh', '-c', 'cat > /output/x; cat; echo end'], { stdin: 'text' })).stdout).toBe(
    'end\n',
  );
  expect(readFileSync(box.here('out/x'), 'utf8')).toBe('text');
});

it.each(['while true; do :; done', 'sleep 60; echo no', 'cat; echo no', '(sleep 60) | cat; echo no'])(
  'ends at Ctrl-C: %s',
  async (script) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const result = await box.run(['sh', '-c', script], {
      stdin: new PassThrough(),
      signal: controller.signal,
    });
    expect(result).toMatchObject({ code: 130, stdout: '' });
  },
);
