/** The address: #/namespace/sweep/trial on a cluster; #trial in a file, which holds one sweep. */
export interface Route { namespace?: string; sweep?: string; trial?: string; }

export function parse(hash: string, live: boolean): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').filter(part => part !== '').map(decode);
  return live ? {namespace: parts[0], sweep: parts[1], trial: parts[2]} : {trial: parts[0]};
}

/** The address of a sweep, or of a trial of it. */
export function link(route: Route, trial?: string): string {
  const parts = route.sweep === undefined ? [trial] : [route.namespace, route.sweep, trial];
  return '#' + (route.sweep === undefined ? '' : '/') + parts.flatMap(part => part === undefined ? [] : encodeURIComponent(part)).join('/');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
