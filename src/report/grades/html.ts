import type { Grades } from '../../grade/types.ts';
import { timeText } from '../../runbook/words.ts';
import { classSection, itemSection } from './html-class.ts';
import { evidenceSection } from './html-evidence.ts';
import { STYLE } from './html-style.ts';
import { escapeMarkup as text } from './markup.ts';
import { withoutTricks } from './untrusted.ts';
import { countOutcomes, leftOutText, points, unfinishedText } from './words.ts';

/** Nothing is loaded and nothing runs, whatever got through. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The whole class as one page that needs no other file, no network and no script. */
export function gradesAsHtml(grades: Grades): string {
  const safe = withoutTricks(grades);
  const { course, tool, lab } = safe;
  const leftOut = leftOutText(safe);
  const unfinished = unfinishedText(safe);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Grades: ${text(course.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(course.title)}</h1>
<p class="soft">Grades of ${text(spanText(safe))}</p>
${unfinished ? `<p class="warning">${text(unfinished)}</p>` : ''}
${leftOut ? `<p class="warning">${text(leftOut)}</p>` : ''}
${figures(safe)}
</header>
<main>
${[classSection(safe), itemSection(safe), evidenceSection(safe.submissions)].filter((part) => part !== '').join('\n')}
</main>
<footer>Course ${text(course.id)} ${text(course.version)}, graded in the lab ${text(lab)} by ${text(tool)}.</footer>
</body>
</html>
`;
}

/**
 * From the first submission's begin to the last one's end. The record's own times are those of its last run only,
 * where a batch was gone on with.
 */
function spanText({ submissions, startedAt, endedAt }: Grades): string {
  const begins = submissions.map((one) => Date.parse(one.startedAt));
  const ends = submissions.map((one, at) => (begins[at] ?? Number.NaN) + one.ms);
  const from = earliest(begins) ?? startedAt;
  if (endedAt === null) return timeText(from);
  return `${timeText(from)} to ${timeText(latest(ends) ?? endedAt)}`;
}

const earliest = (times: number[]) => iso(Math.min(...times));
const latest = (times: number[]) => iso(Math.max(...times));

/** Null of no time at all, and of what can't be read as one. */
const iso = (time: number): string | null => (Math.abs(time) < 8e15 ? new Date(time).toISOString() : null);

function figures(grades: Grades): string {
  const { graded, unusable, partial } = countOutcomes(grades);
  const scores = grades.submissions.flatMap(({ score }) => score ?? []);
  const average = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const rows: [string, string][] = [
    ['Submissions', String(grades.submissions.length)],
    ['Graded', String(graded)],
    ...(unusable > 0 ? [['Unusable, no mark', String(unusable)] as [string, string]] : []),
    ...(partial > 0 ? [['Not finished, no mark', String(partial)] as [string, string]] : []),
    ...(scores.length > 1
      ? [
          ['Average score', `${average.toFixed(1)} <small>of ${points(grades.maxScore)}</small>`] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return `<dl class="figures">${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}
