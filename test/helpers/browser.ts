import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Where this machine has a Chromium or a Chrome; null where it has none. */
export function browserPath(env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const known = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC];
  return known.find((path) => existsSync(path)) ?? null;
}
