/** Marks of the interface. Each takes the same cells in both sets, and each has a word near it or in the help. */
export interface Glyphs {
  passed: string;
  failed: string;
  blocked: string;
  error: string;
  unknown: string;
  /** What to do now. */
  pointer: string;
  rule: string;
  /** Side bar of a note. */
  bar: string;
  up: string;
  down: string;
  /** A cell of the way from the leader to the follower, the head of WAL that moves on it, and a cell of no way. */
  way: string;
  head: string;
  noWay: string;
  /** Eight marks of rising height, a cell each, for a trace. */
  heights: string;
  dot: string;
  ellipsis: string;
  arrows: string;
  bullet: string;
  /** Name of the animation in cli-spinners. */
  spinner: 'dots' | 'line';
}

const UNICODE: Glyphs = {
  passed: '✔',
  failed: '✖',
  blocked: '⊘',
  error: '!',
  unknown: '○',
  pointer: '❯',
  rule: '─',
  bar: '▎',
  up: '●',
  down: '○',
  way: '━',
  head: '▶',
  noWay: '╌',
  heights: '▁▂▃▄▅▆▇█',
  dot: '·',
  ellipsis: '…',
  arrows: '↑↓',
  bullet: '•',
  spinner: 'dots',
};

const ASCII: Glyphs = {
  passed: '+',
  failed: 'x',
  blocked: '-',
  error: '!',
  unknown: 'o',
  pointer: '>',
  rule: '-',
  bar: '|',
  up: '*',
  down: 'o',
  way: '=',
  head: '>',
  noWay: '.',
  heights: '_.:-=+*#',
  dot: '|',
  ellipsis: '~',
  arrows: '^v',
  bullet: '*',
  spinner: 'line',
};

/** The set that this terminal can draw: ASCII when the locale is not UTF-8 or it is the Linux console. */
export function glyphsFor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Glyphs {
  return drawsUnicode(env, platform) ? UNICODE : ASCII;
}

function drawsUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  // Windows has no locale in the environment; the old console lacks the glyphs.
  if (platform === 'win32') return Boolean(env.WT_SESSION || env.TERM_PROGRAM || env.ConEmuTask);
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
