import type { GradedSubmission, Grades } from '../../grade/types.ts';
import { withoutTricks } from './untrusted.ts';

/** The columns that nbgrader exports, in its order: gradebooks know how to read them. */
const COLUMNS = [
  'assignment',
  'duedate',
  'timestamp',
  'student_id',
  'last_name',
  'first_name',
  'email',
  'raw_score',
  'late_submission_penalty',
  'score',
  'max_score',
] as const;

/** A row a submission, RFC 4180. Where there is no mark, the scores are empty. */
export function gradesAsCsv(grades: Grades): string {
  const { course, submissions } = withoutTricks(grades);
  const rows = submissions.map((submission) => rowOf(course.id, submission));
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => cell(row[column])))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/** Due date, hand-in time and the person's names are not known here. */
function rowOf(assignment: string, { name, score, maxScore }: GradedSubmission): Row {
  return {
    assignment,
    student_id: name,
    raw_score: score,
    late_submission_penalty: score === null ? null : 0,
    score,
    max_score: maxScore,
  };
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = asText(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets take such a text for a formula and run it; some take white space before it away first. */
function asText(text: string): string {
  return /^(?:\s*[=+\-@＝＋－＠]|[\t\r])/.test(text) ? `'${text}` : text;
}
