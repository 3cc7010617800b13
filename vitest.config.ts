import { execFileSync } from 'node:child_process';
import { defineConfig } from 'vitest/config';
import { browserPath } from './test/helpers/browser.ts';

/** Real containers need an engine, Compose and the image. Where one is missing, those tests can't run, and we say so. */
function engineReady(): boolean {
  try {
    const quiet = { stdio: 'ignore', timeout: 20_000 } as const;
    execFileSync('docker', ['compose', 'version'], quiet);
    execFileSync('docker', ['image', 'inspect', 'postgres:14'], quiet);
    return true;
  } catch {
    return false;
  }
}

const ready = engineReady();
const required = process.env.WALKTHROUGH_REQUIRE_DOCKER === '1';
if (!ready && !required) {
  console.error(
    '\n!!! DOCKER TESTS SKIPPED: no engine answers, or postgres:14 is not here. test/engine/up makes both on Debian. !!!\n',
  );
}

const browser = browserPath() !== null || process.env.WALKTHROUGH_REQUIRE_BROWSER === '1';
if (!browser) {
  console.error(
    '\n!!! BROWSER TESTS SKIPPED: no Chromium or Chrome is here. On Debian: apt-get install chromium. !!!\n',
  );
}

/** A container test waits for servers to start; a slow machine needs a slow limit. */
const SLOW = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/ui/**/*.test.{ts,tsx}'] } },
      {
        test: {
          name: 'pty',
          include: ['test/pty/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'cli', include: ['test/cli/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      // The page of grades, in a real browser.
      ...(browser
        ? [
            {
              test: {
                name: 'browser',
                include: ['test/browser/**/*.test.ts'],
                testTimeout: 60_000,
                hookTimeout: 60_000,
              },
            },
          ]
        : []),
      // Two real servers on this machine, with no Docker: these run everywhere.
      {
        test: {
          name: 'sandbox',
          include: ['test/sandbox/**/*.test.ts', 'test/labs/**/*.test.ts'],
          env: { WALKTHROUGH_TEST_LAB: 'sandbox' },
          fileParallelism: false,
          ...SLOW,
        },
      },
      // Two cores: container tests one file after the other, so that no test waits for another's initdb.
      {
        test: {
          name: 'docker',
          include: ready || required ? ['test/docker/**/*.test.ts', 'test/labs/**/*.test.ts'] : [],
          env: { WALKTHROUGH_TEST_LAB: 'docker' },
          fileParallelism: false,
          ...SLOW,
        },
      },
    ],
  },
});
