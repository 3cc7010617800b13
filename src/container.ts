import { supervise } from './lab/sandbox/container/supervise.ts';

// Started in the background by the sandbox, one process for each container: container.js WORKSPACE ID
const [workspace = '', id = ''] = process.argv.slice(2);
await supervise(workspace, id);
process.exit(0);
