import { type Progress, saveProgress } from '../../../src/learn/progress.ts';

// Saves as fast as it can until it is killed. `progress.test.ts` bundles and starts it.
const workspace = process.argv[2] ?? '';
for (let i = 0; ; i++) {
  const tasks = Object.fromEntries(
    Array.from({ length: 50 + (i % 7) * 40 }, (_, n) => [
      `files/task-${n}`,
      { provenance: 'learner', everPassed: String(i) },
    ]),
  ) as Progress['tasks'];
  await saveProgress(workspace, {
    schema: 'walkthrough/progress/v1',
    course: { id: 'tiny', version: '1.0.0' },
    startedAt: 'x',
    savedAt: String(i),
    at: 'files/read',
    tasks,
  });
  if (i === 0) process.stdout.write('saving\n');
}
