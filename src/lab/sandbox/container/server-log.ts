/** What the sandbox sets on a server's command line, and a learner's postgresql.conf may set otherwise. */
const FORCED =
  /parameter "(?:listen_addresses|port|unix_socket_directories)" cannot be changed without restarting the server/;
const RELOADS = /\[(\d+)\] LOG: {2}received SIGHUP, reloading configuration files/;
const CHANGED = /parameter "[^"]+" (?:changed to|removed from configuration file)/;
const ERRORS = /configuration file ".*" contains errors; unaffected changes were applied/;

/**
 * Says of each line of a server's log whether it would stand there in a container. On a reload the server complains
 * of settings that only the sandbox's command line forces: in a container there is nothing to complain of.
 */
export function lineFilter(): (line: string) => boolean {
  let server = '';
  let complaints = 0;
  return (line) => {
    const reload = RELOADS.exec(line);
    if (reload) {
      server = `[${reload[1]}] LOG:  `;
      complaints = 0;
      return true;
    }
    if (server === '' || !line.includes(server)) return true;
    if (FORCED.test(line)) return false;
    if (ERRORS.test(line)) return complaints > 0;
    if (!CHANGED.test(line)) complaints += 1;
    return true;
  };
}
