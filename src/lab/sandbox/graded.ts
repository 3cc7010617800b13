/**
 * Set to 1 in a sandbox that a grader uses: servers listen on ports that are free, whatever their files publish,
 * because many sandboxes say the same ones side by side; a command that asks for a terminal where there is none says so
 * and goes on; compose files read nothing outside of the workspace. Files and answers are as everywhere.
 */
export const GRADED = 'WALKTHROUGH_SANDBOX_GRADED';

export const isGraded = (env: NodeJS.ProcessEnv): boolean => env[GRADED] === '1';
