import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/runbook/markdown.ts';
import { code, fenced } from '../../../src/runbook/markdown-parts.ts';
import { timeSpent } from '../../../src/runbook/model.ts';
import { at, COURSE, file, lessonCommand, progress, ran, runbookOf, TASKS } from './fixture.ts';

const USER = lessonCommand(TASKS.user).replace('-it', '-i');

/** The text under a heading, up to the next one of any level. */
function under(markdown: string, heading: string): string {
  const [, rest = ''] = markdown.split(`\n${heading}\n`);
  return rest.split(/\n#{2,3} /)[0] ?? '';
}

describe('the Markdown', () => {
  it('tells of each command, tries that failed among them, and of passwords by name only', () => {
    const entries = [
      ran(TASKS.user, USER, 1, 1),
      ran(TASKS.user, 'docker ps', 2),
      ran(TASKS.user, 'psql -c "ALTER USER x PASSWORD \'mine\'"', 3, null),
      ran(TASKS.user, USER, 4),
    ];
    const tasks = {
      [TASKS.user]: { everPassed: at(4), provenance: 'hinted' as const, hints: 2, predicted: 0 },
    };
    const text = renderMarkdown(runbookOf({ entries, progress: progress(tasks) }));
    const told = under(text, '### A user that may replicate');
    expect(told).toBe(`
Done by you at 2026-11-25 10:04:00 UTC.

2 hints used.

Question: Can replicator read the rows of your tables through SQL once it exists?

You said "Yes". The right answer is "No". REPLICATION grants no right on any table. But the stream holds everything, so guard the password all the same.

\`\`\`sh
docker exec -i --user postgres leader psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD '{{replicator_password}}';"
\`\`\`

**Failed**: exit code 1 after 0.4 s, at 2026-11-25 10:01:00 UTC.

A command of your own:

\`\`\`sh
docker ps
\`\`\`

Exit code 0 after 0.4 s, at 2026-11-25 10:02:00 UTC.

A command of your own:

\`\`\`sh
psql -c "ALTER USER x PASSWORD '***'"
\`\`\`

**Stopped** after 0.4 s, at 2026-11-25 10:03:00 UTC.

\`\`\`sh
docker exec -i --user postgres leader psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD '{{replicator_password}}';"
\`\`\`

Exit code 0 after 0.4 s, at 2026-11-25 10:04:00 UTC.
`);
    expect(text).not.toMatch(/replicatorpass|mine/);
  });

  it('shows files once, with whose they are, and without passwords', () => {
    const tasks = {
      'workspace/the-two-scripts': { everPassed: at(1), provenance: 'learner' as const },
      'prepare-leader/the-script-of-the-leader': { everPassed: at(2), provenance: 'auto' as const },
    };
    const files = [
      file(
        'docker-compose.yml',
        'services:\n  leader:\n    environment:\n      POSTGRES_PASSWORD: postgres\n',
      ),
      file('leader/setup-leader.sh', COURSE.files['files/leader/setup-leader.sh'] ?? ''),
      file('leader/notes.bin', '\0'),
    ];
    const text = renderMarkdown(runbookOf({ files, progress: progress(tasks) }));
    expect(under(text, '### The whole file')).toContain('POSTGRES_PASSWORD: {{superuser_password}}');
    expect(under(text, '### The whole file')).toContain('`docker-compose.yml`, your own version:');
    expect(under(text, '### The script of the leader')).toContain(
      '`leader/setup-leader.sh`, as the lesson has it:\n\n```sh\n#!/usr/bin/env bash\n',
    );
    expect(text.split('Prepares the leader for replication: a user')).toHaveLength(2);
    expect(under(text, '## Other files')).toContain('`leader/notes.bin`, your own version: 1 byte');
    expect(text).not.toContain('replicatorpass');
  });

  it('says what was skipped, what was not passed, what was done elsewhere, and what was not done at all', () => {
    const tasks = {
      [TASKS.folders]: { provenance: 'none' as const, skipped: true as const },
      [TASKS.both]: { everPassed: at(3), provenance: 'learner' as const },
    };
    const entries = [ran(TASKS.pull, 'docker pull nope', 1, 1)];
    const text = renderMarkdown(runbookOf({ entries, progress: progress(tasks) }));
    expect(under(text, '### The four folders')).toContain('**Skipped.**');
    expect(under(text, '### The PostgreSQL image')).toContain('**Not passed.**');
    expect(under(text, '### Both servers, once')).toContain('it was done in another window');
    expect(under(text, '## 12. Read from the follower')).toContain('Nothing was done here.');
  });

  it('calls a refusal that is the proof no failure', () => {
    const entries = [ran(TASKS.refused, lessonCommand(TASKS.refused), 1, 1)];
    expect(renderMarkdown(runbookOf({ entries }))).toContain('Refused, as it must be: exit code 1');
  });

  it('ends with a summary', () => {
    const tasks = Object.fromEntries(
      (COURSE.lessons[0]?.tasks ?? []).map(({ id }) => [
        id,
        { everPassed: at(2), provenance: 'learner' as const },
      ]),
    );
    const entries = [ran(TASKS.folders, lessonCommand(TASKS.folders)), ran('gone/task', 'docker ps', 5, 1)];
    const text = renderMarkdown(runbookOf({ entries, progress: progress(tasks) }));
    expect(text).toContain('## Other commands');
    expect(text.slice(text.indexOf('## Summary'))).toBe(`## Summary

- 1 of 12 lessons passed.
- 3 tasks done by you, 0 by the tool, 0 skipped.
- 0 hints used.
- 0 of 0 predictions right.
- 2 commands run, 1 of them with an exit code that is not 0.
- Time spent: 5 min 0 s, without pauses of more than 15 minutes.
`);
  });

  it('says what could not be read', () => {
    expect(renderMarkdown(runbookOf({ notices: ['2 lines are damaged.'] }))).toContain(
      '\n> 2 lines are damaged.\n',
    );
  });

  it.each(['a ``` b', '````\n```` x', '`', '~~~\n```'])('keeps %j in one block of code', (text) => {
    const tokens = [...marked.lexer(fenced(text, 'sh'))];
    expect(tokens).toEqual([expect.objectContaining({ type: 'code', text })]);
    const [paragraph] = marked.lexer(code('a`b``c'));
    expect(paragraph).toMatchObject({ tokens: [{ type: 'codespan', text: 'a`b``c' }] });
  });

  it('keeps in one block what only escape sequences hold apart', () => {
    const tokens = [...marked.lexer(fenced('a\n``\u001b[0m`\n<b>', 'sh'))];
    expect(tokens).toEqual([expect.objectContaining({ type: 'code', text: 'a\n```\n<b>' })]);
  });
});

describe('the time spent', () => {
  const minutes = (...all: number[]) => timeSpent(all.map((minute) => minute * 60_000)) / 60_000;
  it.each([
    [[], 0],
    [[5], 0],
    [[0, 10, 5], 10],
    [[0, 10, 60, 65], 15],
    [[0, Number.NaN, 3], 3],
  ])('between %j is %d minutes', (all, spent) => {
    expect(minutes(...all)).toBe(spent);
  });
});
