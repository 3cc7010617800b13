/** A workspace for Compose to resolve, and how it is asked. */
export interface Case {
  /** Files by path; null is a folder. */
  files: Record<string, string | Uint8Array | null>;
  env?: Record<string, string>;
  /** `-f`, `-p` and `--project-directory`. */
  args?: { files?: string[]; project?: string; directory?: string };
  /** Name of the workspace folder, `lab` when absent. */
  folder?: string;
  /** Both refuse it as YAML, each in other words: what is wrong is too rare for a word of its own. */
  words?: 'differ';
}

export type Cases = Record<string, Case>;

/** Cases of one compose file each, named by their text. */
export function texts(...all: string[]): Cases {
  return Object.fromEntries(all.map((text) => [text, { files: { 'docker-compose.yml': text } }]));
}

/** Cases that both refuse, each in other words. */
export function inOtherWords(cases: Cases): Cases {
  return Object.fromEntries(
    Object.entries(cases).map(([name, one]) => [name, { ...one, words: 'differ' as const }]),
  );
}

/** A file whose service `leader` has the image and these lines besides. */
export function leader(...lines: string[]): string {
  return `services:\n  leader:\n    image: postgres:14\n${indented(lines)}`;
}

/** Cases of one property of the service `leader` each, named by it. */
export function properties(...all: string[]): Cases {
  return Object.fromEntries(
    all.map((property) => [property, { files: { 'docker-compose.yml': leader(property) } }]),
  );
}

/** As `properties`, with an environment. */
export function withEnv(env: Record<string, string>, ...all: string[]): Cases {
  return Object.fromEntries(
    Object.entries(properties(...all)).map(([name, one]) => [
      `${name} with ${JSON.stringify(env)}`,
      { ...one, env },
    ]),
  );
}

function indented(lines: string[]): string {
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line) => `    ${line}\n`)
    .join('');
}
