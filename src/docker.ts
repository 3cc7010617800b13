import { main } from './lab/sandbox/command/main.ts';

// The `docker` command of the sandbox's shell. dist/bin/docker runs it.
await main(process.argv.slice(2));
